"""The example states the municipality's known facts, names nobody, and plants what it says.

One test per fact or group of facts; the numbers stand here as the municipality gave them.
"""

import json
import re
from datetime import date

import pytest
import yaml

from pipelines.municipality.load import load_municipality
from tests.golden.example_inbox import (
    DECISION,
    END_2017,
    END_2018,
    FOLDER,
    PILOTS,
    generated_example,
    sheet,
    text_of,
    units_on,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory, worker_id):
    return generated_example(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def facts():
    profile = yaml.safe_load((FOLDER / "municipality.yml").read_text(encoding="utf-8"))
    return {fact["id"]: fact for fact in profile["facts"]}


@pytest.fixture(scope="module")
def truth(home):
    return json.loads((home / "truth" / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("fact_id", "value", "as_of", "source"),
    [
        ("municipality", "Vestre Toten", None, "seed"),
        ("industry_town", "Raufoss", None, "seed"),
        ("inhabitants", 13400, END_2017, "seed"),
        ("fte", 785, END_2017, "seed"),
        ("employees", 1100, END_2017, "seed"),
        ("turnover_nok", 1_200_000_000, END_2017, "seed"),
        ("new_jobs_2017", 270, END_2017, "seed"),
        ("new_dwellings_2017", 153, END_2017, "seed"),
        ("population_growth_2017", 135, END_2017, "seed"),
        ("population_growth_pct_2017", 1.0, END_2017, "seed"),
        ("gains_at_decision_fte", 8.5, DECISION, "seed"),
        ("improvement_budget_nok", 2_500_000, date(2013, 1, 1), "seed"),
        ("improvement_budget_fte", 3.3, date(2013, 1, 1), "seed"),
        ("units_trained", 43, END_2017, "seed"),
        ("units_total", 76, END_2017, "seed"),
        ("gains_identified_fte", 46.3, END_2017, "seed"),
        ("gains_realised_fte", 33.1, END_2017, "seed"),
        ("value_stream_share_pct", 80, END_2017, "seed"),
        ("course_days", 6, None, "seed"),
        ("leader_group", 12, None, "seed"),
        ("strategy_meeting_days", 2, None, "seed"),
        ("culture_text_blocks", 4, date(2019, 1, 1), "seed"),
        ("units_trained_2015", 27, date(2015, 12, 31), "external"),
        ("units_trained_2016", 33, date(2016, 4, 30), "external"),
        ("units_total_2016", 70, date(2016, 4, 30), "external"),
        ("gains_identified_2016_fte", 33, date(2016, 4, 30), "external"),
        ("gains_realised_2016_fte", 21.5, date(2016, 4, 30), "external"),
        ("gains_identified_early_2017_fte", 39, date(2017, 2, 28), "external"),
        ("units_trained_2018", 45, END_2018, "external"),
        ("units_total_2018", 70, END_2018, "external"),
        ("gains_identified_2018_fte", 49.4, END_2018, "external"),
        ("gains_realised_2018_fte", 36.3, END_2018, "external"),
        ("gains_potential_low_fte", 75, date(2016, 12, 31), "external"),
        ("gains_potential_high_fte", 100, date(2016, 12, 31), "external"),
    ],
)
def test_a_known_fact_is_stated_with_value_date_and_source(facts, fact_id, value, as_of, source):
    fact = facts[fact_id]
    assert fact.get("value", fact.get("text_value")) == value
    assert fact.get("as_of") == as_of
    assert fact["source"] == source


def test_derived_facts_follow_from_the_others(facts):
    value = {name: fact.get("value") for name, fact in facts.items()}
    assert value["fte_per_employee"] == round(value["fte"] / value["employees"], 3)
    assert value["improvement_cost_per_fte_nok"] == round(2_500_000 / 3.3)
    assert value["units_trained_pct"] == round(100 * 43 / 76, 1)
    assert value["gains_identified_pct"] == round(100 * 46.3 / 785, 1)
    assert value["gains_realised_pct"] == round(100 * 33.1 / 46.3, 1)
    assert value["value_stream_fte"] == round(0.8 * 46.3, 1)


def test_texts_about_decision_model_roles_and_strategy_are_facts(facts):
    assert facts["council_decision"]["as_of"] == DECISION
    assert "kvalitet" in facts["gain_types"]["text_value"]
    assert facts["gain_model"]["text_value"] == "Laget høsten 2012"
    assert [facts[f"pilot_{i}"]["text_value"].split(" (")[0] for i in range(1, 8)] == PILOTS
    roles = " ".join(fact["text_value"] for name, fact in facts.items() if name.startswith("role_"))
    for word in ("Lean-veileder", "Lean lederforum", "Utviklingshuset", "SINTEF", "Tillitsvalgte"):
        assert word in roles
    assert "årshjul" in facts["quality_system"]["text_value"]
    assert "ungdomsskole 2019" in facts["culture_example"]["text_value"]
    assert "Lean 2.0" in facts["strategy"]["text_value"]
    assert facts["strategy"]["as_of"] == date(2018, 6, 30)
    assert facts["strategy_adopted"]["as_of"] == date(2019, 5, 28)


def test_external_facts_name_their_source(facts):
    external = [fact for fact in facts.values() if fact["source"] == "external"]
    assert len(external) >= 13
    assert all(fact["source_note"].startswith("Ekstern kilde: ") for fact in external)


def test_every_pilot_has_something_planted_and_the_kinds_are_all_there(truth):
    kinds = {effect["kind"] for effect in truth["effects"]}
    assert kinds == {
        "lasting",
        "fading",
        "regression_to_mean",
        "budget_cut",
        "too_small",
        "coincidence",
    }
    planted = {effect["unit"] for effect in truth["effects"]}
    assert {"u0312", "u0410", "u0316", "u0330", "u0110", "u0420", "u0620"} <= planted


def test_every_metric_the_example_names_is_in_the_catalogue(home, truth):
    known = {metric.id for metric in load_municipality("vestre_toten").metrics}
    named = {effect["metric"] for effect in truth["effects"]}
    for name in ("Sykluser", "Gevinster", "Hendelser"):
        named |= {row["Måltall"] for row in sheet(home, name) if row["Måltall"]}
    assert named <= known


def test_pilots_in_the_configuration_are_the_pilots_in_order(home):
    names = units_on(home, END_2017)
    pilots = sorted(load_municipality("vestre_toten").pilots, key=lambda pilot: pilot.order)
    assert [names[pilot.unit_id] for pilot in pilots] == PILOTS
    assert [pilot.wave for pilot in pilots] == [1, 1, 1, 2, 2, 2, 2]


def test_no_file_has_a_name_column_a_national_identity_number_or_an_invented_name(home):
    people = (home / "truth/people.csv").read_text(encoding="utf-8").splitlines()[1:]
    last_names = {line.split(" ", 1)[1] for line in people}
    assert len(people) > 3000
    for path in sorted((home / "inbox").rglob("*.csv")):
        text = text_of(path)
        assert not re.search(r"(?<!\d)\d{6} ?\d{5}(?!\d)", text), path.name
        assert not re.search(
            r"(?i)(^|[;\t])(navn|fornavn|etternavn|fødselsnummer)([;\t]|$)", text, re.M
        )
        assert not any(name in text for name in last_names), path.name
    for name in ("Sykluser", "Gevinster", "Gevinsthendelser", "Hendelser"):
        text = str(sheet(home, name))
        assert not any(last_name in text for last_name in last_names)
