"""The example's deliveries hold the municipality's known facts: read plainly, without the pipeline.

One test per fact or group of facts; the numbers stand here as the municipality gave them.
"""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines.example.generate import generate
from pipelines.municipality.load import load_municipality
from pipelines.settings import MUNICIPALITIES_DIR

FOLDER = MUNICIPALITIES_DIR / "vestre_toten"
PILOTS = [
    "Gimle sykehjem avd. 1",
    "Fysio-ergoterapitjenesten",
    "Gimle sykehjem avd. 5",
    "Hjemmesykepleien Raufoss",
    "Politisk saksbehandling",
    "Barnevern",
    "Teknisk drift, veg/park og renovasjon",
]
DECISION = date(2012, 6, 14)
END_2017 = date(2017, 12, 31)
END_2018 = date(2018, 12, 31)
FOREVER = date(9999, 12, 31)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    generate(FOLDER, folder / "inbox", folder / "truth")
    return folder


@pytest.fixture(scope="module")
def facts():
    profile = yaml.safe_load((FOLDER / "municipality.yml").read_text(encoding="utf-8"))
    return {fact["id"]: fact for fact in profile["facts"]}


@pytest.fixture(scope="module")
def truth(home):
    return json.loads((home / "truth" / "truth.json").read_text(encoding="utf-8"))


def text_of(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"\xff\xfe"):
        return data.decode("utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig")
    return data.decode("cp1252")


def lines_of(path: Path) -> list[list[str]]:
    text = text_of(path)
    return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ";"))


def table_of(path: Path, first_header: str) -> list[dict[str, str]]:
    """Rows as wide as the header below it; everything else is decoration."""
    lines = lines_of(path)
    at = next(i for i, line in enumerate(lines) if line and line[0] == first_header)
    header = lines[at]
    return [
        dict(zip(header, line, strict=True)) for line in lines[at + 1 :] if len(line) == len(header)
    ]


def number(text: str) -> float:
    text = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if text.startswith("(") or text.endswith("-"):
        return -float(text.strip("()-"))
    return float(text)


def day(text: str) -> date:
    if text in {"", "31.12.9999", "00.00.0000"}:
        return FOREVER
    if "-" in text:
        return date.fromisoformat(text)
    d, m, y = re.split(r"[./]", text)
    return date(int(y), int(m), int(d))


def sheet(home: Path, name: str) -> list[dict[str, object]]:
    frame = pl.read_excel(
        home / "inbox/lean/leanregister.xlsx", sheet_name=name, read_options={"header_row": 2}
    )
    return frame.to_dicts()


def positions_on(home: Path, when: date) -> list[dict[str, str]]:
    rows = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    real = [row for row in rows if int(row["Ansattnr"].strip("'")) < 89_000_000]
    unique = {tuple(row.values()): row for row in real}.values()
    return [
        row
        for row in unique
        if row["Form"] != "Timelønn" and day(row["Fra"]) <= when <= day(row["Til"])
    ]


def units_on(home: Path, when: date) -> dict[str, str]:
    rows = table_of(home / "inbox/organisasjon/enheter.csv", "Enhets-id")
    return {
        row["Enhets-id"]: row["Enhetsnavn"]
        for row in rows
        if (not row["Gyldig fra"] or day(row["Gyldig fra"]) <= when)
        and when <= day(row["Gyldig til"])
    }


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


def test_1100_employees_hold_exactly_785_fte_at_the_end_of_2017(home):
    active = positions_on(home, END_2017)
    assert len({row["Ansattnr"].strip("'").lstrip("0") for row in active}) == 1100
    assert round(sum(number(row["St.pros"]) for row in active), 2) == 78_500.00


def test_some_employees_have_two_positions_in_two_units(home):
    units = defaultdict(set)
    for row in positions_on(home, END_2017):
        units[row["Ansattnr"].strip("'").lstrip("0")].add(row["Org.enhet"])
    assert 15 <= sum(len(places) > 1 for places in units.values()) <= 80
    assert max(len(places) for places in units.values()) == 2


def test_76_units_at_the_end_of_2017_and_70_in_spring_2016_and_after_2018(home):
    assert len(units_on(home, END_2017)) == 76
    assert len(units_on(home, date(2016, 4, 30))) == 70
    assert len(units_on(home, END_2018)) == 70


def test_every_unit_that_begins_or_ends_has_a_change_row(home):
    units = table_of(home / "inbox/organisasjon/enheter.csv", "Enhets-id")
    changes = table_of(home / "inbox/organisasjon/enhetsendringer.csv", "Dato")
    ended = {row["Enhets-id"] for row in units if row["Gyldig til"]}
    assert ended == {row["Fra enhet"] for row in changes if row["Endring"] == "merge"}
    for row in units:
        if row["Gyldig til"]:
            next_day = day(row["Gyldig til"]) + timedelta(days=1)
            dates = {day(c["Dato"]) for c in changes if c["Fra enhet"] == row["Enhets-id"]}
            assert dates == {next_day}


def test_pilots_start_in_the_known_order_and_finish_before_the_decision(home):
    cycles = sheet(home, "Sykluser")
    pilots = sorted(
        (row for row in cycles if row["Pulje"] in (1, 2)), key=lambda row: row["Første kursdag"]
    )
    assert [row["Enhet"] for row in pilots] == PILOTS
    assert [row["Pulje"] for row in pilots] == [1, 1, 1, 2, 2, 2, 2]
    assert all(row["Første kursdag"].year == 2011 for row in pilots[:3])
    assert all(row["Sjette kursdag"] < DECISION for row in pilots)


@pytest.mark.parametrize(
    ("when", "trained"),
    [
        (DECISION, 7),
        (date(2015, 12, 31), 27),
        (date(2016, 4, 30), 33),
        (END_2017, 43),
        (END_2018, 45),
    ],
)
def test_the_right_number_of_units_has_six_course_days(home, when, trained):
    done = Counter(row["Enhet"] for row in sheet(home, "Kursdager") if row["Dato"] <= when)
    complete = {name for name, n in done.items() if n == 6}
    cycles = sheet(home, "Sykluser")
    ended = {
        row["Enhet"] for row in cycles if row["Sjette kursdag"] and row["Sjette kursdag"] <= when
    }
    assert len(complete) == trained
    assert complete == ended
    assert complete <= set(units_on(home, when).values())


def test_units_that_have_not_started_stand_on_the_waiting_list(home):
    status = Counter(row["Status"] for row in sheet(home, "Sykluser"))
    assert status["I drift"] == 45
    assert status["Venteliste"] + status["Planlagt"] + status["Pågår"] == 70 - 45
    assert status["Avsluttet"] == 6


def test_each_course_day_uses_its_own_tools(home):
    days = {(r["Enhet"], r["Dag"]): r["Dato"] for r in sheet(home, "Kursdager")}
    used = defaultdict(set)
    for row in sheet(home, "Verktøy"):
        used[(row["Enhet"], row["Dato"])].add(row["Verktøy"])
    expected = [
        {"5S", "interessentanalyse"},
        {"verdistrømsanalyse"},
        {"kulturanalyse"},
        {"verdistrømsanalyse"},
        {"kulturelt målbilde"},
        {"forbedringstavle", "fiskebein", "5 x hvorfor"},
    ]
    for name in PILOTS:
        for number_of_day, tools in enumerate(expected, start=1):
            assert tools <= used[(name, days[(name, number_of_day)])]


def gains_on(home: Path, when: date) -> tuple[list[dict[str, object]], float]:
    events = [row for row in sheet(home, "Gevinsthendelser") if row["Dato"] <= when]
    dropped = {row["Gevinst"] for row in events if row["Status"] == "Bortfalt"}
    gains = [
        row
        for row in sheet(home, "Gevinster")
        if row["Identifisert"] <= when and row["Gevinst"] not in dropped
    ]
    realised = sum(row["Endring realisert"] for row in events if row["Gevinst"] not in dropped)
    return gains, round(realised, 2)


@pytest.mark.parametrize(
    ("when", "identified", "realised"),
    [
        (DECISION, 8.5, 4.2),
        (date(2016, 4, 30), 33.0, 21.5),
        (date(2017, 2, 28), 39.0, 27.0),
        (END_2017, 46.3, 33.1),
        (END_2018, 49.4, 36.3),
    ],
)
def test_gains_pass_through_the_known_points(home, when, identified, realised):
    gains, so_far = gains_on(home, when)
    assert round(sum(row["Årsverk"] for row in gains), 2) == identified
    assert so_far == realised


def test_value_stream_mapping_found_80_per_cent_of_the_gains(home):
    gains, _ = gains_on(home, END_2017)
    found = sum(row["Årsverk"] for row in gains if row["Verktøy"] == "verdistrømsanalyse")
    assert round(found, 2) == 37.0
    assert round(100 * found / 46.3) == 80


def test_quality_is_the_largest_of_the_three_kinds_of_gain(home):
    gains, _ = gains_on(home, END_2017)
    by_kind = {
        kind: sum(row["Årsverk"] * row[f"{kind} %"] for row in gains) / 100
        for kind in ("Kvalitet", "Kvantitet", "Besparelse")
    }
    assert by_kind["Kvalitet"] > by_kind["Kvantitet"] > by_kind["Besparelse"] > 0
    assert round(sum(by_kind.values()), 6) == 46.3


def test_no_gain_realises_more_than_was_identified(home):
    identified = {row["Gevinst"]: row["Årsverk"] for row in sheet(home, "Gevinster")}
    realised = defaultdict(float)
    for row in sheet(home, "Gevinsthendelser"):
        realised[row["Gevinst"]] += row["Endring realisert"]
    assert all(round(realised[g], 6) <= fte for g, fte in identified.items())


def test_some_gains_are_dropped_and_a_few_lack_evidence(home):
    events = sheet(home, "Gevinsthendelser")
    assert sum(row["Status"] == "Bortfalt" for row in events) == 3
    bare = [row for row in events if row["Endring realisert"] and row["Dokumentasjon"] is None]
    assert len(bare) == 5


@pytest.fixture(scope="module")
def ledger(home):
    """Kroner by (year, amount type) and the lines: (year, ansvar, account, function, kroner)."""
    folder = home / "inbox/okonomi"
    lines = []
    for path in sorted(folder.glob("perioderapport_*.csv")) + sorted(folder.glob("regnskap_*.csv")):
        for row in table_of(path, "Konto(T)"):
            if row["Konto(T)"] == "Totalt" or "se bilag" in row.values():
                continue
            for column in ("Oppr. budsjett", "Rev. budsjett", "Regnskap"):
                if column in row:
                    key = (int(row["Periode"][:4]), row["Ansvar"], row["Konto(T)"], row["Tjeneste"])
                    lines.append((*key, column, round(number(row[column]) * 100)))
    for path in sorted(folder.glob("opprinnelig_budsjett_*.csv")):
        for row in table_of(path, "År"):
            key = (int(row["År"]), row["Ansvar"], row["Konto"], row["Tjeneste"], "Oppr. budsjett")
            lines.append((*key, round(number(row["Sum"]) * 100)))
    wide = pl.read_excel(folder / "opprinnelig_budsjett_2013.xlsx", sheet_name="Budsjett")
    for row in wide.to_dicts():
        key = (2013, str(row["Ansvar"]), str(row["Konto"]), str(row["Tjeneste"]), "Oppr. budsjett")
        lines.append((*key, round(row["Sum"] * 100)))
    return lines


def test_accounts_and_both_budgets_sum_to_nothing_every_year(ledger):
    sums = defaultdict(int)
    for line in ledger:
        sums[(line[0], line[4])] += line[5]
    assert len(sums) == 30
    assert set(sums.values()) == {0}


def test_turnover_in_2017_is_1_2_billion(ledger):
    spent = sum(
        line[5] for line in ledger if line[0] == 2017 and line[4] == "Regnskap" and line[5] > 0
    )
    assert spent / 100 == pytest.approx(1.2e9, rel=0.01)


def test_the_budget_of_2013_sets_aside_2_5_million_for_3_3_positions(home, ledger):
    own = [line for line in ledger if line[:2] == (2013, "114001") and line[4] == "Oppr. budsjett"]
    assert sum(line[5] for line in own) == 250_000_000
    staff = [row for row in positions_on(home, END_2017) if row["Org.enhet"].startswith("1140")]
    assert sum(number(row["St.pros"]) for row in staff) == pytest.approx(330)


def test_sick_pay_refunds_are_booked_but_never_budgeted(ledger):
    refunds = [line for line in ledger if line[2].startswith("17101")]
    assert all(line[5] < 0 for line in refunds if line[4] == "Regnskap")
    assert sum(line[5] for line in refunds if line[4] == "Regnskap") < -1_000_000_000
    assert not any(line[5] for line in refunds if line[4] != "Regnskap")


def test_road_functions_change_code_in_2014(ledger):
    years = defaultdict(set)
    for line in ledger:
        years[line[3][:3]].add(line[0])
    assert max(years["333"]) == 2013
    assert min(years["332"]) == 2014
    assert years["254"] == set(range(2009, 2019))


def spells(home: Path) -> list[tuple[date, date, str, float]]:
    """(start, end, type, position share x grade) of everyone, planted errors left out."""
    positions = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    share = {
        row["Arb.forhold"]: number(row["St.pros"]) / 100
        for row in positions
        if row["St.pros"] != "halv"
    }
    folder = home / "inbox/fravar"
    out = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem.endswith(("kopi", "2018_03")):
            continue
        is_report = path.name.startswith("fravarsrapport")
        for row in table_of(path, "Ansattnr" if is_report else "Ansattnummer"):
            cells = list(row.values())
            if (
                not re.fullmatch(r"['0]*[5-8]\d{7}", cells[0])
                or int(cells[0].strip("'")) > 89_000_000
            ):
                continue
            start, end, kind, grade = cells[2:6] if is_report else cells[3:7]
            last = min(day(end), END_2018)
            out.append((day(start), last, kind, share[cells[1]] * number(grade.strip("% ")) / 100))
    return out


def test_sick_leave_is_about_eight_per_cent_of_agreed_days(home):
    import numpy as np

    lost = sum(
        float(np.busday_count(start, end + timedelta(days=1))) * weight
        for start, end, kind, weight in spells(home)
        if kind in {"EGENM", "SYKM"} or kind.startswith(("Egenmelding", "Sykmelding"))
    )
    agreed = 0.0
    rows = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    for row in rows:
        if row["Form"] == "Timelønn" or row["St.pros"] == "halv":
            continue
        start, end = max(day(row["Fra"]), date(2009, 1, 1)), min(day(row["Til"]), END_2018)
        if start <= end:
            days = float(np.busday_count(start, end + timedelta(days=1)))
            agreed += days * number(row["St.pros"]) / 100
    assert 7.0 < 100 * lost / agreed < 9.0


def test_the_last_extract_holds_absences_that_are_not_over(home):
    rows = table_of(home / "inbox/fravar/sykefravar_2018_12.csv", "Ansattnummer")
    assert sum(not row["Tom"] for row in rows) > 30


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
