"""The page of what is new: empty and saying so in the first edition, and cut to its reader."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.published import generation_file
from tests.shown_pages import html_of, leader_of, opened_view

pytestmark = pytest.mark.integration

WARD, OTHER = "u0312", "u0350"
DECEMBER = date(2018, 12, 1)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Open a page on an edition and return all its words."""
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))

    def run(file: Path, view: str = "news", language: str = "nb", scope: str = "EVERYTHING") -> str:
        page = opened_view(file, view, language, leader_of(scope))
        told = [part.value for part in [*page.markdown, *page.info, *page.warning]]
        return "\n".join([html_of(page), *told])

    return run


@pytest.fixture
def first(example_home: Path, tmp_path: Path) -> Path:
    """A copy of the example's only edition."""
    copy = tmp_path / "generation-000001.duckdb"
    copy.write_bytes(generation_file(example_home).read_bytes())
    return copy


@pytest.fixture
def second(first: Path) -> Path:
    """The same with news of two units, a file and a pooled estimate, as after a second edition."""
    rows = [
        ("verdict", 1, "unit", WARD, WARD, "overtime_pct", "no_change", "better", None, None),
        ("figure_corrected", 3, "unit", OTHER, OTHER, "sick_leave_pct", None, None, 9.2, 9.3),
        ("pooled", 2, "all", "all", None, "overtime_pct", "no_change", "better", None, None),
    ]
    with duckdb.connect(str(first)) as con:
        con.execute("delete from mart_edition")
        con.execute(
            "insert into mart_edition (edition, previous_edition, previous_published_at,"
            " previous_last_month, is_comparable) values (2, 1, ?, ?, true)",
            ["2026-11-01 00:00:00", date(2018, 11, 1)],
        )
        for row in rows:
            con.execute(
                "insert into mart_changes (change_id, change_kind, change_order, scope_type,"
                " scope_id, unit_id, metric_id, old_class, new_class, old_value, new_value,"
                " unit_name, month, n, reason_codes) select concat_ws('/', $1, $4, $6), $1, $2,"
                " $3, $4, $5, $6, $7, $8, $9, $10,"
                " (select unit_name from dim_units where unit_id = $5), $11, 1, 'corrected'",
                [*row, DECEMBER],
            )
        con.execute(
            "insert into mart_changes (change_id, change_kind, change_order, scope_type, scope_id,"
            " item_id, new_code, n) select 'delivery', 'delivery', 17, 'municipality', 'all',"
            " delivery_id, 'loaded', 77 from mart_deliveries where file_name like '%2018_04.csv'"
            " and contract_id = 'sick_leave'"
        )
    return first


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Dette er den første utgaven"),
        ("nn", "Dette er den første utgåva"),
        ("en", "This is the first edition"),
    ],
)
def test_the_first_edition_says_that_there_is_none_before(
    first: Path, opened: Callable[..., str], language: str, words: str
) -> None:
    assert words in opened(first, language=language)


def test_what_is_new_stands_with_its_reason_and_its_file(
    second: Path, opened: Callable[..., str]
) -> None:
    said = opened(second)
    assert "1 konklusjon er endret. Ingen nye signaler, 1 rettet tall." in said
    assert "Overtid: fra «Ingen endring sett» til «Bedre». Grunn: rettet leveranse." in said
    assert "desember 2018: 9,2\u00a0% er rettet til 9,3\u00a0%." in said
    assert "fravar/sykefravar_2018_04.csv: Lastet. Leste rader: 77." in said
    assert "Tallene går nå til og med desember 2018" in said


def test_a_leader_is_told_of_the_own_unit_alone(second: Path, opened: Callable[..., str]) -> None:
    said = opened(second, scope=f"Scope(units=('{WARD}',))")
    assert "Overtid: fra" in said
    for of_others in ("Sykefravær, desember", "samlet anslag", ".csv", "Kjøkken"):
        assert of_others not in said


def test_the_front_page_tells_the_most_important_and_where_the_rest_is(
    second: Path, opened: Callable[..., str]
) -> None:
    said = opened(second, "overview", "en")
    assert "1 conclusion has changed" in said
    assert "/nytt?lang=en" in said


def test_an_edition_of_an_older_version_has_no_news_and_stops_nothing(
    first: Path, opened: Callable[..., str]
) -> None:
    with duckdb.connect(str(first)) as con:
        con.execute("drop table mart_changes")
    assert "laget av en eldre Pukk" in opened(first)
    assert "/nytt" not in opened(first, "overview")
