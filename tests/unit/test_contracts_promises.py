"""What published tables promise and are called, in the language of whoever reads the catalogue."""

from dataclasses import replace

import pytest

from pipelines.contracts.model import load_contracts
from pipelines.contracts.promises import promised, table_label
from pipelines.contracts.shapes import Column, Rule, Table
from pipelines.publishing.catalogue import catalogue
from pipelines.words.catalogue import codes

COLUMNS = (
    Column("lo", "number", "double", required=True, business_name="Nedre", label_nn="Nedre grense",
           label_en="Lower"),
    Column("hi", "number", "double", required=True, business_name="Øvre", label_en="Upper"),
)  # fmt: skip


def rule(kind: str, columns: tuple[str, ...], **params: object) -> Rule:
    return Rule(kind, kind, columns, params, "error", "På bokmål.")  # type: ignore[arg-type] # any kind


@pytest.mark.parametrize(
    ("made", "language", "sentence"),
    [
        (rule("not_null", ("lo",)), "nn", "«Nedre grense» er alltid fylt ut."),
        (rule("range", ("lo",), minimum=0.5, maximum=None), "en", "“Lower” is at least 0.5."),
        (rule("range", ("lo",), minimum=0.5, maximum=2), "nb", "«Nedre» er mellom 0,5 og 2."),
        (rule("range", ("hi",), minimum=None, maximum=2), "nn", "«Øvre» er høgst 2."),
        (rule("order", ("lo", "hi")), "en", "“Lower” is not after or above “Upper”."),
        (rule("sum_equals", ("lo", "hi"), total=1), "nb", "«Nedre», «Øvre» blir 1 til sammen."),
        (rule("sum_equals", ("lo",), total="hi"), "nb", "«Nedre» blir «Øvre» til sammen."),
        (rule("pattern", ("lo",), pattern="x"), "en", "På bokmål."),
    ],
)  # fmt: skip
def test_a_promise_is_told_in_the_readers_language(
    made: Rule, language: str, sentence: str
) -> None:
    table = Table("t", "", COLUMNS, (made,), ())
    assert promised([made], table, language) == sentence
    assert promised([], table, language) == ""


def test_a_table_without_a_name_in_a_language_has_the_bokmaal() -> None:
    table = Table("t", "", COLUMNS, (), (), business_name="Tabell")
    named = replace(table, label_nn="Tabellen", label_en="Table")
    assert [table_label(named, code) for code in ("nb", "nn", "en")] == [
        "Tabell",
        "Tabellen",
        "Table",
    ]
    assert table_label(table, "en") == "Tabell"


def test_every_published_table_is_named_and_promised_in_every_language() -> None:
    products = load_contracts(kind="products")
    tables = [table for each in products.values() for table in each.tables.values()]
    assert len(tables) > 40
    assert [t.name for t in tables if not (t.business_name and t.label_nn and t.label_en)] == []
    written = catalogue(products)
    for part in ("column_rules", "table_rules"):
        n_told = {written[f"{part}_{code}"].drop_nulls().len() for code in codes()}
        assert len(n_told) == 1
        assert n_told.pop() > 40
    in_english = " ".join(written["column_rules_en"].drop_nulls())
    assert "skal" not in in_english.split()
