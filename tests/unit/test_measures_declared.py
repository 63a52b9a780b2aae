"""Measures come from the source contracts: a new one needs its contract, its SQL and a metric."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.contracts.organisation import FIRST_CONTRACT, in_reading_order
from pipelines.contracts.shapes import DBT, EFFECTS, tables_built_by
from pipelines.errors import ConfigError, ContractError, PukkError
from pipelines.municipality.load import load_municipality
from pipelines.settings import CONTRACTS_DIR, DBT_DIR, MUNICIPALITIES_DIR

NEW = "energy"


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """The contracts with one more source, which declares two measures."""
    root = tmp_path / "contracts"
    for folder in ("sources", "metrics"):
        shutil.copytree(CONTRACTS_DIR / folder, root / folder)
    shutil.copy(CONTRACTS_DIR / "fields.yml", root / "fields.yml")
    declare(
        root, {"id": "energy_kwh", "about_persons": False}, {"id": "shifts", "about_persons": True}
    )
    return root


def declare(root: Path, *measures: object) -> None:
    like = yaml.safe_load((root / "sources" / "unit_metrics.odcs.yaml").read_text(encoding="utf-8"))
    like |= {"id": NEW, "name": "Energi"}
    like["customProperties"] = [{"property": "measures", "value": list(measures)}]
    text = yaml.safe_dump(like, allow_unicode=True, sort_keys=False)
    (root / "sources" / f"{NEW}.odcs.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MUNICIPALITIES_DIR / "_template", tmp_path / "town"))


def follow(folder: Path, measure: str, *, is_about_persons: bool) -> None:
    file = folder / "metrics.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    metric = {
        "id": "own",
        "label": {"nb": "Eget", "en": "Own"},
        "description": {"nb": "Kommunens eget.", "en": "The municipality's own."},
        "numerator": measure,
        "unit": "count",
        "direction": "lower",
        "is_about_persons": is_about_persons,
        "is_seasonal": False,
        "is_cost_linked": False,
        "chart": "xmr",
        "minimum_relevant_effect": 2,
        "decimals": 1,
        "source": "Fagsystemet",
    }
    content["metrics"] = [metric]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_a_metric_is_made_of_a_measure_that_only_a_contract_knows(
    contracts: Path, folder: Path
) -> None:
    follow(folder, "energy_kwh", is_about_persons=False)
    metrics = load_municipality(folder, contracts).metrics
    assert "energy_kwh" in next(m.measures for m in metrics if m.id == "own")


def test_a_measure_that_no_source_declares_is_refused_with_those_there_are(
    contracts: Path, folder: Path
) -> None:
    for file in (folder / "sources").glob("unit_metrics.yml"):
        file.unlink()  # a file may name measures of its own, and then anything may come
    follow(folder, "energi_kwh", is_about_persons=False)
    with pytest.raises(ConfigError, match="energy_kwh"):
        load_municipality(folder, contracts)


def test_what_a_contract_says_is_about_persons_is_hidden_for_small_groups(
    contracts: Path, folder: Path
) -> None:
    follow(folder, "shifts", is_about_persons=False)
    with pytest.raises(ConfigError, match="is_about_persons"):
        load_municipality(folder, contracts)
    follow(folder, "shifts", is_about_persons=True)
    assert load_municipality(folder, contracts)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ({"id": "energy_kwh"}, "about_persons"),
        ({"id": "Energy kWh", "about_persons": False}, "Energy kWh"),
        ({"id": "energy_kwh", "about_persons": "nei"}, "true eller false"),
        ("energy_kwh", "about_persons"),
        ({"id": "shifts", "about_persons": True, "part_of": "sick_days"}, "split_group"),
        ({"id": "shifts", "about_persons": True, "unit_grain": "month"}, "unit_grain er year"),
        ({"id": "energy_kwh", "about_persons": False, "unit_grain": "year"}, "about_persons: true"),
        ({"id": "shifts", "about_persons": True, "unit_grain": "year", "shown_with": 1}, "navn"),
    ],
)
def test_a_measure_that_is_not_stated_in_full_is_refused(
    contracts: Path, measure: object, said: str
) -> None:
    declare(contracts, measure)
    with pytest.raises(ContractError, match=said):
        load_contracts(contracts)


def test_a_measure_that_stands_twice_or_means_two_things_is_refused(contracts: Path) -> None:
    one = {"id": "energy_kwh", "about_persons": False}
    declare(contracts, one, one)
    with pytest.raises(ContractError, match="to ganger"):
        load_contracts(contracts)
    declare(contracts, {"id": "sick_days", "about_persons": False})
    with pytest.raises(PukkError, match="sick_days"):
        declared_measures(load_contracts(contracts))


def test_the_warehouse_makes_what_the_contracts_declare_and_nothing_else() -> None:
    models = DBT_DIR / "models" / "intermediate" / "measures"
    text = "".join(
        re.sub(r"--.*", "", file.read_text(encoding="utf-8"))
        for file in sorted(models.glob("int_*measures.sql"))
        if file.stem != "int_unit_metrics__measures"
    )
    made = set(re.findall(r"\(\s*'(\w+)', '\w+', '\w+'", text))
    spells = (DBT_DIR / "macros" / "sick_leave_measures.sql").read_text(encoding="utf-8")
    made |= set(re.findall(r"'(\w+)'", spells))
    assert made == set(declared_measures(load_contracts()))
    assert len(made) == 27


def test_the_register_is_read_first_whatever_the_others_are_called() -> None:
    assert in_reading_order(["zoo", FIRST_CONTRACT, "aaa"]) == [FIRST_CONTRACT, "aaa", "zoo"]
    assert set(in_reading_order(load_contracts())) == set(load_contracts())


def test_each_published_table_is_made_by_one() -> None:
    products = load_contracts(kind="products").values()
    by_dbt = [table.name for table in tables_built_by(DBT, products)]
    by_effects = [table.name for table in tables_built_by(EFFECTS, products)]
    by_publishing = [table.name for table in tables_built_by("publishing", products)]
    every = [table.name for contract in products for table in contract.tables.values()]
    assert sorted(by_dbt + by_effects + by_publishing) == sorted(every)
    assert by_dbt
    assert by_effects
    assert by_publishing
