"""What is asked about units that are gone: words that name the file and the row to deliver."""

from datetime import date
from typing import Any

from pipelines.cli.unit_questions import words_of
from pipelines.municipality.load import load_municipality
from tests.case_town import CASES

EXAMPLE = load_municipality("vestre_toten")
WITHOUT_CHANGES = load_municipality(CASES / "_municipality")


def _question(**more: Any) -> dict[str, Any]:
    return {
        "unit_id": "U05", "unit_name": "Gimle", "kind": "left", "since_date": date(2024, 7, 1),
        "heir_ids": None, "heir_names": None, "looks_like": "close", "before": None, "later": None,
        **more,
    }  # fmt: skip


def test_a_unit_that_is_gone_is_asked_about_with_the_row_that_says_it_closed() -> None:
    assert words_of(_question(), EXAMPLE) == (
        "Enheten «Gimle» (U05) er borte fra registeret fra 2024-07, og ingen har sagt hvorfor: "
        "lagt ned, slått sammen, delt eller nytt nummer? Ingen enhet ser ut til å ha tatt over. "
        "Si det i leveransen «enhetsendringer» (organisasjon/enhetsendringer*.csv), med raden: "
        "Dato;Fra enhet;Til enhet;Andel;Endring  01.07.2024;U05;U05;1;close"
    )


def test_a_split_is_one_row_for_each_part() -> None:
    told = words_of(
        _question(heir_ids="U21, U22", heir_names="Gimle A, Gimle B", looks_like="split"), EXAMPLE
    )
    assert "Det ser ut som at den er delt i Gimle A, Gimle B." in told
    assert "01.07.2024;U05;U21;0,5;split  01.07.2024;U05;U22;0,5;split" in told


def test_a_new_name_without_a_date_asks_for_the_date() -> None:
    told = words_of(
        _question(
            kind="rename", since_date=None, heir_ids="U05", heir_names="Gimle",
            looks_like="rename", before="Gimle gamle", later="Gimle",
        ),
        EXAMPLE,
    )  # fmt: skip
    assert "het «Gimle gamle» i et tidligere register" in told
    assert "DD.MM.ÅÅÅÅ;U05;U05;1;rename" in told


def test_a_municipality_that_delivers_no_changes_is_told_where_to_begin() -> None:
    told = words_of(_question(since_date=None), WITHOUT_CHANGES)
    assert "er borte fra registeret, og ingen har sagt hvorfor" in told
    assert "docs/adopt.md" in told
