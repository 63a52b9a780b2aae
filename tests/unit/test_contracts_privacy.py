"""Every published table says whose rows it holds, every column what hides it; silence fails."""

from pathlib import Path

import pytest

from pipelines.contracts.model import load_contracts
from pipelines.contracts.privacy import SUPPRESSION_RULES
from pipelines.contracts.shapes import RowScope
from pipelines.errors import ContractError
from pipelines.settings import REPO_ROOT
from pipelines.words.catalogue import section, text

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: tiny
version: 1.0.0
schema:
  - name: rows
    customProperties: [{property: scope, value: {unit: unit_id}}]
    properties:
      - name: unit_id
        businessName: Enhet
        description: The unit the row is of.
        customProperties: [{property: description_nb, value: Enheten raden gjelder.}, \
{property: about_persons, value: false}, {property: suppression, value: none}]
        logicalType: string
        physicalType: varchar
      - name: sick_days
        businessName: Dager
        description: Days lost.
        customProperties: [{property: description_nb, value: Tapte dagsverk.}, \
{property: about_persons, value: true}, {property: suppression, value: derived}]
        logicalType: number
        physicalType: double
      - name: why
        businessName: Hvorfor
        description: Why it is hidden.
        customProperties: [{property: description_nb, value: Hvorfor det er skjult.}, \
{property: about_persons, value: true}, {property: suppression, value: marker}, \
{property: hidden_when, value: filled}]
        logicalType: string
        physicalType: varchar
"""


def read(folder: Path, text: str) -> None:
    (folder / "products").mkdir(exist_ok=True)
    (folder / "products" / "tiny.odcs.yaml").write_text(text, encoding="utf-8")
    load_contracts(folder, "products")


def test_a_marker_may_hide_some_columns_only(tmp_path: Path) -> None:
    other = CONTRACT[
        CONTRACT.index("      - name: sick_days") : CONTRACT.index("      - name: why")
    ]
    named = f"{LISTED}, {{property: hides, value: [sick_days]}}"
    read(
        tmp_path,
        CONTRACT.replace(LISTED, named) + other.replace("name: sick_days", "name: pay_nok"),
    )
    table = load_contracts(tmp_path, "products")["tiny"].tables["rows"]
    (hidden,) = (rule for rule in table.rules if rule.kind == "empty_when_hidden")
    assert hidden.columns == ("sick_days",)


def test_what_a_contract_states_is_read(tmp_path: Path) -> None:
    read(tmp_path, CONTRACT)
    table = load_contracts(tmp_path, "products")["tiny"].tables["rows"]
    assert table.scope == RowScope("unit", unit="unit_id")
    assert [c.suppression for c in table.columns] == ["none", "derived", "marker"]
    assert table.column("why").hidden_when == ("filled",)
    (hidden,) = (rule for rule in table.rules if rule.kind == "empty_when_hidden")
    assert (hidden.id, hidden.columns) == ("hidden_why", ("sick_days",))


DERIVED = ", {property: about_persons, value: true}, {property: suppression, value: derived}"
LISTED = "{property: hidden_when, value: filled}"
SCOPED = "    customProperties: [{property: scope, value: {unit: unit_id}}]\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (DERIVED, "", "rows.sick_days: Kolonnen sier ikke om den handler om personer"),
        (SCOPED, "", "rows: Tabellen sier ikke hvem radene gjelder."),
        ("value: derived", "value: derive", "sick_days: suppression skal være en av: none"),
        (DERIVED, DERIVED.replace("true", "false"), "derived hører about_persons: true"),
        (
            "suppression, value: derived", "suppression, value: none",
            "til suppression none hører about_persons: false",
        ),
        (DERIVED, DERIVED.replace("true", "kanskje"), "about_persons med true eller false"),
        (f", {LISTED}", "", "suppression: marker og hidden_when hører sammen."),
        ("value: marker", "value: words", "suppression: marker og hidden_when hører sammen."),
        ("value: derived", "value: metric", "metric kan bare stå i en tabell med nivå, gruppe"),
        (LISTED, f"{LISTED}, {{property: hides, value: [unit_id]}}", "hides nevner «unit_id»"),
        (LISTED, "{property: hidden_when, value: [] }", "filled eller en liste av verdier"),
        ("{unit: unit_id}}", "{unit: unit}}", "scope nevner kolonnen «unit»"),
        ("{unit: unit_id}}", "everyone}", "Omfanget kan ikke forstås"),
        ("{unit: unit_id}}", "{unit: unit_id, without_unit: shut}}", "Omfanget kan ikke forstås"),
        ("{unit: unit_id}}", "{level: unit_id}}", "Omfanget kan ikke forstås"),
        ("{unit: unit_id}}", "{group: unit_id, units: unit_id}}", "Omfanget kan ikke forstås"),
        (
            "        logicalType: number",
            "        classification: person\n        logicalType: number",
            "rows.sick_days: En kolonne om enkeltpersoner kan ikke publiseres.",
        ),
    ],
)  # fmt: skip
def test_silence_and_mistakes_are_refused_with_table_and_column(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in CONTRACT
    with pytest.raises(ContractError) as problem:
        read(tmp_path, CONTRACT.replace(old, new))
    assert expected in problem.value.text
    assert "tiny.odcs.yaml" in problem.value.text


def test_every_rule_is_described_in_the_method_document() -> None:
    document = (REPO_ROOT / "docs" / "methods" / "suppression.md").read_text(encoding="utf-8")
    assert set(SUPPRESSION_RULES) == set(section("suppression", "nb"))
    for name, rule in SUPPRESSION_RULES.items():
        assert f"| `{name}` | {text(f'suppression.{name}', 'en')} |" in document
        assert rule.is_about_persons == (name != "none")


def test_a_table_with_hidden_rows_has_something_that_is_emptied_in_them() -> None:
    for contract in load_contracts(kind="products").values():
        for table in contract.tables.values():
            if any(column.hidden_when for column in table.columns):
                assert any(SUPPRESSION_RULES[c.suppression].is_emptied for c in table.columns)
