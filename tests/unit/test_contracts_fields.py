"""The field dictionary: a column means the same wherever it stands, or a table says why not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.fields import UNITS, Field, read_fields, require_used
from pipelines.contracts.kept import contract_files, kept_contracts
from pipelines.contracts.model import Column, load_contracts
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ContractError
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.catalogue import DEFAULT_LANGUAGE, languages

FIELDS = CONTRACTS_DIR / "fields.yml"
KINDS = ("sources", "products")
DICTIONARY = """\
share:
  label: Andel
  type: double
  unit: share
  nb: Andelen av de spurte.
  nn: Delen av dei spurde.
  en: The share of those asked.
"""
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: tiny
version: 1.0.0
status: active
schema:
  - name: rows
    customProperties: [{property: scope, value: open}]
    properties:
      - name: share
        customProperties: [{property: about_persons, value: false}, \
{property: suppression, value: none}]
"""
OVERRIDE = (
    "{property: overrides, value: {because: Bare de som svarte., nb: Andelen av svarene., "
    "nn: Delen av svara.}}"
)


def written(folder: Path, contract: str = CONTRACT, fields: str = DICTIONARY) -> Path:
    (folder / "products").mkdir(exist_ok=True)
    (folder / "products" / "tiny.odcs.yaml").write_text(contract, encoding="utf-8")
    (folder / "fields.yml").write_text(fields, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(ContractError) as problem:
        load_contracts(folder, "products")
    return problem.value.text


def overriding() -> dict[tuple[str, str], dict[str, Any]]:
    """Return what each table says differently, by table and column, as it is written."""
    return {
        (table["name"], column["name"]): entry["value"]
        for kind in KINDS
        for path in contract_files(CONTRACTS_DIR / kind)
        for table in read_yaml(path, ContractError)["schema"]
        for column in table["properties"]
        for entry in column.get("customProperties", ())
        if entry["property"] == "overrides"
    }


def field_of(fields: Mapping[str, Field], column: Column) -> Field:
    """Return what the dictionary says of a column; of a column of words in its language."""
    stem, _, language = column.name.rpartition("_")
    named = languages().get(language, "")
    if f"{stem}_*" not in fields or not column.description.endswith(f" {named}."):
        return fields[column.name]
    field = fields[f"{stem}_*"]
    label = field.label if language == DEFAULT_LANGUAGE else f"{field.label} ({named})"
    told = {key: f"{getattr(field, key)} {named}." for key in ("nb", "nn", "en")}
    others = {
        key: f"{getattr(field, key)} ({named})"
        if language != DEFAULT_LANGUAGE
        else getattr(field, key)
        for key in ("label_nn", "label_en")
    }
    return replace(field, label=label, **told, **others)


def test_a_name_has_one_meaning_type_and_unit_unless_a_table_says_why_not() -> None:
    fields, own = read_fields(FIELDS), overriding()
    n_shared = 0
    for kind in KINDS:
        for contract in load_contracts(kind=kind).values():
            for table in contract.tables.values():
                for column in table.columns:
                    if (table.name, column.name) in own:
                        continue
                    field = field_of(fields, column)
                    if (table.name, f"{column.name.rpartition('_')[0]}_*") in own:
                        continue
                    assert (column.description_nb, column.description_nn) == (field.nb, field.nn)
                    assert (column.description, column.business_name) == (field.en, field.label)
                    assert (column.label_nn, column.label_en) == (field.label_nn, field.label_en)
                    assert (column.physical_type, column.unit) == (field.type, field.unit)
                    n_shared += 1
    assert n_shared > 5 * len(own)


def test_a_published_column_is_called_something_in_every_language_the_contracts_are_in() -> None:
    columns = [
        (table.name, column)
        for contract in load_contracts(kind="products").values()
        for table in contract.tables.values()
        for column in table.columns
    ]
    unnamed = [
        f"{name}.{column.name}"
        for name, column in columns
        if not column.label_nn or not column.label_en
    ]
    # a new column is bokmål to all until it is translated; they are few
    assert len(unnamed) <= len(columns) // 20, unnamed
    english = {column.business_name: column.label_en for _, column in columns}
    assert english["Nevner"] == "Denominator"


def test_every_field_is_used_and_every_unit_fits_the_name() -> None:
    require_used(CONTRACTS_DIR, [c for kind in KINDS for c in load_contracts(kind=kind).values()])
    for name, field in read_fields(FIELDS).items():
        suffix = name.rpartition("_")[2]
        if suffix in UNITS and field.unit and suffix not in ("months", "share", "units"):
            assert field.unit == suffix or (suffix, field.unit) == ("pct", "share"), name
        texts = (field.label + ".", field.nb, field.en)
        assert len(set(texts)) == 3, name
        assert all(text.endswith(".") for text in (*texts, field.nn)), name


def test_a_column_is_named_in_the_contract_and_described_in_the_dictionary(tmp_path: Path) -> None:
    (column,) = load_contracts(written(tmp_path), "products")["tiny"].tables["rows"].columns
    assert (column.business_name, column.description) == ("Andel", "The share of those asked.")
    assert column.description_nb == "Andelen av de spurte."
    assert column.description_nn == "Delen av dei spurde."
    assert (column.logical_type, column.physical_type, column.unit) == ("number", "double", "share")


def test_a_table_may_say_why_it_means_something_else(tmp_path: Path) -> None:
    folder = written(
        tmp_path, CONTRACT.replace("[{property: about", f"[{OVERRIDE}, {{property: about")
    )
    (column,) = load_contracts(folder, "products")["tiny"].tables["rows"].columns
    assert column.description_nb == "Andelen av svarene."
    assert column.description_nn == "Delen av svara."
    assert column.description == "The share of those asked."


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("{nb: Andelen av svarene.}", "overrides kan ikke forstås. Skriv because med grunnen"),
        ("{because: Bare de som svarte.}", "overrides kan ikke forstås."),
        ("{because: Slik., nb: Andelen av de spurte.}", "overrides kan ikke forstås."),
        ("{because: Slik., text: Andelen av svarene.}", "overrides kan ikke forstås."),
        ("{because: Slik., nb: Andelen av svarene.}", "nb og nn hører sammen."),
        ("Andelen av svarene.", "overrides kan ikke forstås."),
    ],
)
def test_an_override_without_a_reason_or_a_difference_is_refused(
    tmp_path: Path, override: str, expected: str
) -> None:
    entry = f"[{{property: overrides, value: {override}}}, {{property: about"
    said = refusal(written(tmp_path, CONTRACT.replace("[{property: about", entry)))
    assert said.startswith(f"{tmp_path / 'products' / 'tiny.odcs.yaml'}: rows.share: ")
    assert expected in said


@pytest.mark.parametrize(
    "line", ["businessName: Del", "description: The share.", "physicalType: double"]
)
def test_a_column_is_not_described_a_second_time(tmp_path: Path, line: str) -> None:
    text = CONTRACT.replace("name: share\n", f"name: share\n        {line}\n")
    said = refusal(written(tmp_path, text))
    assert "rows.share: Kolonnen er beskrevet i fields.yml og skal ikke" in said
    assert line.split(":")[0] in said


def test_a_column_that_is_not_in_the_dictionary_is_named(tmp_path: Path) -> None:
    said = refusal(written(tmp_path, CONTRACT.replace("name: share\n", "name: part\n")))
    assert "rows.part: Kolonnen er ikke beskrevet i fields.yml. Skriv part i" in said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  unit: share\n", "", "Et tall skal ha en benevning (unit), og bare et tall."),
        ("unit: share", "unit: shares", "Skriv unit med en av: bytes, count"),
        ("type: double", "type: varchar", "Et tall skal ha en benevning (unit), og bare et tall."),
        ("type: double", "type: float9", "«float9» er ikke en kjent type."),
        ("  en: The share of those asked.\n", "", "Feltet skal ha en, label, nb, nn, type"),
        ("label: Andel", "label: 1", "alle med tekst."),
        ("  label: Andel", "  label: Andel\n  label: Del", "Nøkkelen «label» står to ganger"),
    ],
)
def test_a_mistake_in_the_dictionary_names_the_field(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in DICTIONARY
    said = refusal(written(tmp_path, fields=DICTIONARY.replace(old, new)))
    assert str(tmp_path / "fields.yml") in said
    assert expected in said


def test_a_field_that_no_table_has_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, fields=DICTIONARY + DICTIONARY.replace("share:", "part:", 1))
    contracts = load_contracts(folder, "products").values()
    with pytest.raises(ContractError, match=r"Ingen tabell har part\. Slett"):
        require_used(folder, contracts)


def test_what_was_read_is_read_again_when_the_dictionary_has_changed(tmp_path: Path) -> None:
    folder = written(tmp_path)
    load_contracts(folder, "products")
    written(folder, fields=DICTIONARY.replace("asked.", "who answered."))
    (column,) = load_contracts(folder, "products")["tiny"].tables["rows"].columns
    assert column.description == "The share of those who answered."


def test_kept_contracts_are_not_used_after_the_dictionary_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path)
    for module in ("kept", "model", "fields"):
        monkeypatch.setattr(f"pipelines.contracts.{module}.CONTRACTS_DIR", folder)
    kept_contracts("products", tmp_path)
    written(folder, fields=DICTIONARY.replace("asked.", "who answered."))
    (column,) = kept_contracts("products", tmp_path)["tiny"].tables["rows"].columns
    assert column.description == "The share of those who answered."
