"""The basis for a DPIA is held to the contracts it tells of, and to the tests it points to."""

import re
from pathlib import Path

from pipelines.contracts.model import load_contracts
from pipelines.contracts.retention import RAW, own_rules, person_tables, rule_of_files, rule_of_rows

REPO = Path(__file__).resolve().parents[2]
TEXT = (REPO / "docs" / "privacy.md").read_text(encoding="utf-8")
CONTRACTS = load_contracts()


def test_every_test_a_measure_is_held_by_exists() -> None:
    named = re.findall(r"`([a-z0-9_]+/test_[a-z0-9_]+\.py)::(test_\w+)`", TEXT)
    lines = [line for line in TEXT.splitlines() if "::test_" in line]
    assert len(named) == len(lines) >= 20
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (REPO / "tests" / file).exists()
        or f"def {name}(" not in (REPO / "tests" / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_field_of_a_row_about_a_person_is_named() -> None:
    told: dict[str, set[str]] = {}
    for table, fields in re.findall(r"^\| `(\w+\.\w+)` \| ([^|]+) \|", TEXT, re.MULTILINE):
        told.setdefault(table, set()).update(re.findall(r"`(\w+)`", fields))
    assert told == {
        f"{contract}.{table}": set(CONTRACTS[contract].tables[table].column_names)
        for contract, table in person_tables(CONTRACTS)
    }


def test_how_long_is_what_the_contracts_say() -> None:
    own = own_rules()
    for rule in (
        rule_of_files(CONTRACTS.values(), RAW),
        *(rule_of_rows(CONTRACTS[contract], table) for contract, table in person_tables(CONTRACTS)),
        own["editions"],
        own["access_log"],
        own["reports"],
    ):
        assert f"| {rule.length_nb}" in TEXT, rule
