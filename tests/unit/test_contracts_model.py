"""Contracts: what is read from the files, and what a mistake in one of them says."""

import re
from pathlib import Path

import pytest

from pipelines.contracts.model import load_contract, load_contracts
from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.errors import ContractError
from pipelines.settings import REPO_ROOT
from pipelines.words.numbers import number_nb

HEAD = """\
apiVersion: v3.1.0
kind: DataContract
id: tiny
version: 1.0.0
status: active
schema:
  - name: rows
    properties:
"""
MINIMAL = f"""{HEAD}\
      - name: unit_id
        logicalType: string
        physicalType: varchar
        required: true
      - name: share
        logicalType: number
        physicalType: double
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "tiny.odcs.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_table_of_a_source_is_read_by_a_staging_model_and_no_other_is() -> None:
    read = set()
    for model in (REPO_ROOT / "dbt_project" / "models" / "staging").rglob("*.sql"):
        text = model.read_text("utf-8")
        calls = r"(?:source|latest_delivery)\(\s*'(\w+)',\s*'(\w+)'"
        read |= set(re.findall(calls, text))
        # the register has a macro of its own
        read |= {(FIRST_CONTRACT, name) for name in re.findall(r"register_rows\('(\w+)'", text)}
    contracts = load_contracts()
    promised = {(key, table) for key, contract in contracts.items() for table in contract.tables}
    assert len(promised) > 10
    assert promised - read == set()
    assert {(key, table) for key, table in read if key in contracts} - promised == set()


def test_a_primary_key_may_hold_a_column_that_can_be_empty() -> None:
    table = load_contracts()["organisation"].tables["unit_codes"]
    assert "valid_from" in table.primary_key
    assert not table.column("valid_from").required


def test_every_rule_of_every_source_has_a_sentence_and_an_id_of_its_own() -> None:
    for contract in load_contracts().values():
        for table in contract.tables.values():
            ids = [rule.id for rule in table.rules]
            assert len(ids) == len(set(ids))
            assert all(rule.description_nb.endswith(".") for rule in table.rules)


def test_every_source_says_how_long_it_is_kept() -> None:
    for contract in load_contracts().values():
        kept = {sla.element for sla in contract.sla if sla.property == "retention"}
        assert {"raw_files", "quarantined_files"} <= kept


def test_a_column_is_classified_as_a_persons_where_it_says_who_and_nowhere_else() -> None:
    columns = [
        column
        for contract in load_contracts().values()
        for table in contract.tables.values()
        for column in table.columns
    ]
    classified = [column for column in columns if column.classification == "person"]
    assert classified
    assert {column.name for column in classified} == {"person_id"}
    assert classified == [column for column in columns if column.name == "person_id"]


def test_bounds_become_a_rule_with_a_sentence_in_bokmaal() -> None:
    table = load_contracts()["hr"].tables["positions"]
    (rule,) = (rule for rule in table.rules if rule.id == "range_position_pct")
    ends = [number_nb(rule.params[end], 2).removesuffix(",00") for end in ("minimum", "maximum")]
    label = table.column("position_pct").business_name
    assert rule.description_nb == f"«{label}» skal være mellom {ends[0]} og {ends[1]}."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("required: true", "requird: true", "schema[0].properties[0].requird: Nøkkelen finnes"),
        ("physicalType: double", "physicalType: float9", "schema[0].properties[1].physicalType"),
        ("logicalType: number", "logicalType: numbr", "skal være en av: string, integer"),
        ("id: tiny", "id: other", "id: «other» skal være lik filnavnet «tiny»"),
        ("version: 1.0.0\n", "", "version: Kontrakten mangler versjon"),
        ("name: share", "name: unit_id", "Kolonnen «unit_id» er beskrevet to ganger"),
        ("name: share", "name: Andel", "schema[0].properties[1].name: «Andel» skal bare ha"),
        ("kind: DataContract", "kind: DataProduct", "kind: Her skal det stå DataContract"),
        ("status: active", "status: active\nid: tiny", "linje 6: Nøkkelen «id» står to ganger"),
        ("    properties:", "    properties", "ikke gyldig YAML"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    path = written(tmp_path, MINIMAL.replace(old, new))
    with pytest.raises(ContractError) as problem:
        load_contract(path)
    assert problem.value.text.startswith(str(path))
    assert expected in problem.value.text


def test_every_published_column_is_described_in_bokmaal_and_english_beyond_its_name() -> None:
    columns = [
        (f"{table.name}.{column.name}", column)
        for contract in load_contracts(kind="products").values()
        for table in contract.tables.values()
        for column in table.columns
    ]
    assert len(columns) > 800
    for name, column in columns:
        said = {column.description, column.description_nb, column.business_name + "."}
        assert len(said) == 3, name
        assert all(text.endswith(".") for text in said), name
        assert column.meaning == f"{column.description_nb} / {column.description}"


STATED = "{property: about_persons, value: false}, {property: suppression, value: none}"
IN_BOKMAAL = '{property: description_nb, value: "Andelen, fra 0 til 1."}, '
OPEN_HEAD = HEAD.replace(
    "    properties:", "    customProperties: [{property: scope, value: open}]\n    properties:"
)
PUBLISHED = f"""{OPEN_HEAD}\
      - name: share
        businessName: Andel
        description: The share, 0 to 1.
        customProperties: [{IN_BOKMAAL}{STATED}]
        logicalType: number
        physicalType: double
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("\"Andelen, fra 0 til 1.\"", "\" \"", "mangler beskrivelse på bokmål. Skriv under"),
        (IN_BOKMAAL, "", "mangler beskrivelse på bokmål. Skriv under"),
        ("Andelen, fra 0 til 1.", "Andel.", "Beskrivelsen «Andel.» sier ikke mer enn navnet."),
        ("        description: The share, 0 to 1.\n", "", "mangler beskrivelse på engelsk."),
        ("        businessName: Andel\n", "", "mangler navn på bokmål."),
    ],
)  # fmt: skip
def test_a_published_column_that_is_not_described_is_named_with_its_file(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    folder = tmp_path / "products"
    folder.mkdir()
    path = written(folder, PUBLISHED)
    column = load_contracts(tmp_path, "products")["tiny"].tables["rows"].column("share")
    assert column.description_nb == "Andelen, fra 0 til 1."
    assert old in PUBLISHED
    written(folder, PUBLISHED.replace(old, new))
    with pytest.raises(ContractError) as problem:
        load_contracts(tmp_path, "products")
    assert problem.value.text.startswith(f"{path}: rows.share: ")
    assert expected in problem.value.text


def test_a_column_takes_no_other_custom_property(tmp_path: Path) -> None:
    text = PUBLISHED.replace("property: description_nb", "property: description_nn")
    with pytest.raises(ContractError, match="bare description_nb, time og suppression") as problem:
        load_contract(written(tmp_path, text))
    assert "schema[0].properties[0].customProperties" in problem.value.text


@pytest.mark.parametrize(
    ("quality", "expected"),
    [
        ("{kind: ordr, lower: a, upper: b}", "Ukjent regel «ordr». Lovlige: order"),
        ("{kind: order, lower: share}", "order mangler «upper»"),
        ("{kind: order, lower: share, upper: total}", "Kolonnen «total» finnes ikke i rows"),
    ],
)
def test_a_rule_that_cannot_be_understood_is_not_skipped(
    tmp_path: Path, quality: str, expected: str
) -> None:
    rule = f"    quality: [{{type: custom, engine: pukk, implementation: {quality}}}]\n"
    with pytest.raises(ContractError, match=r"schema\[0\].quality\[0\]") as problem:
        load_contract(written(tmp_path, MINIMAL + rule))
    assert expected in problem.value.text


def test_a_pattern_that_means_different_things_in_different_engines_is_refused(
    tmp_path: Path,
) -> None:
    text = MINIMAL + "        logicalTypeOptions: {pattern: '\\d+'}\n"
    with pytest.raises(ContractError, match="betyr ikke det samme overalt"):
        load_contract(written(tmp_path, text))


def test_a_folder_without_contracts_gives_none(tmp_path: Path) -> None:
    assert load_contracts(tmp_path, "products") == {}
