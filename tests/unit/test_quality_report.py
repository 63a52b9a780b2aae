"""The report says how the run went, shows counts and never values, and needs nothing else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.quality.report import verdict, write_report
from pipelines.quality.results import CheckResult, save_results
from pipelines.settings import Paths
from pipelines.warehouse.schema import create_tables

NOW = datetime(2026, 11, 22, 0, 15, tzinfo=UTC)


def check(
    rule_id: str, gate: Any = "inbound", *, success: bool = True, **changed: Any
) -> CheckResult:
    row = {
        "gate": gate,
        "contract_id": "hr",
        "contract_version": "1.0.0",
        "table_name": "positions",
        "rule_id": rule_id,
        "expectation": "expect_column_values_to_not_be_null",
        "column_name": "unit_id",
        "severity": "error",
        "promised_nb": f"«{rule_id}» skal holde.",
        "measured_nb": "0 av 10 rader brøt regelen" if success else "3 av 10 rader brøt regelen",
        "n_rows": 10,
        "n_failed": 0 if success else 3,
        "success": success,
        **changed,
    }
    return CheckResult(**row)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "kommunen")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_tables(con, {})
        con.execute(
            "insert into ops.deliveries values ('D000001', 1, 'hr', 'positions', 'f',"
            " 'stillinger <2026>.csv', 'ab12', 'ab12', 4300000, '2026-11-21 20:00:00', '1.0.0',"
            " 'x', 'utf-8', 'loaded', null, null, null, '2026-10', null, 12, 1, 1010, 1000, 8, 2,"
            " 900, null, null, 3)"
        )
        con.execute(
            "insert into ops.deliveries values ('D000002', 2, 'hr', 'positions', 'f', 'feil.xlsx',"
            " 'cd34', 'cd34', 512, '2026-11-21 21:00:00', '1.0.0', 'x', null, 'rejected',"
            " 'missing_column', 'Kolonnen «Enhet» mangler.', null, '', null,"
            " 0, 0, 0, 0, 0, 0, null, null, null, null)"
        )
        con.execute(
            "insert into ops.deliveries values ('D000003', 3, null, null, null, 'ukjent.csv',"
            " 'ef56', 'ef56', 512, '2026-11-21 21:00:00', null, 'x', null, 'rejected',"
            " 'unknown_file', 'Ingen kilde kjenner filen.', null, '', null,"
            " 0, 0, 0, 0, 0, 0, null, null, null, null)"
        )
        con.execute(
            "insert into ops.quarantine select 'D000001', 'stillinger <2026>.csv', range + 2,"
            " 'position_pct', 'range_position_pct', '«Stillingsprosent» skal være høyst 100.', 'h',"
            " '«150»'"
            " from range(20)"
        )
        con.execute(
            "insert into ops.warnings values"
            " ('D000001', 'reconcile', 'Summen i filen er 12 for høy.')"
        )
        con.complete()
        yield con


def publish(con: duckdb.DuckDBPyConnection, run_id: str, generation: int) -> None:
    con.execute(
        "insert into ops.publications values"
        " (?, ?, '2026-11-22 00:16:00', ?, 'sha', 'inn', 'publish')",
        [generation, run_id, f"generation-{generation:06d}.duckdb"],
    )
    con.complete()


def report(con: duckdb.DuckDBPyConnection, paths: Paths, run_id: str = "run-1") -> str:
    file = write_report(con, paths, "Ås & omegn <kommune>", run_id, "Konstruerte tall.")
    assert file == paths.reports / f"quality-{run_id}.html"
    return file.read_text(encoding="utf-8")


def save(con: duckdb.DuckDBPyConnection, *checks: CheckResult, run: int = 1) -> None:
    at = NOW + timedelta(days=run - 1)
    for gate in ("inbound", "outbound"):
        save_results(con, [c for c in checks if c.gate == gate], gate, f"run-{run}", at)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<body>")[1]))


def test_a_good_run_says_what_was_published(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    save(con, check("a"), check("b", "outbound"))
    publish(con, "run-1", 4)
    text = words(report(con, paths))
    assert "Alt som må holde, holdt. Generasjon 4 er publisert." in text
    assert "Ingen. Alle 2 kontroller holdt." in text
    assert "22.11.2026 kl. 01.16" in text


def test_columns_declared_not_to_be_personal_are_listed_with_their_reasons(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    assert "Meldt som ikke personlig" in words(report(con, paths))
    con.execute("create schema municipality")
    con.execute(
        "create table municipality.not_personal as select 'ledger' as contract_id,"
        " 'accounts' as feed_id, 'Streng' as column_name, 'Konto og <ansvar> i ett' as reason"
    )
    text = report(con, paths)
    con.execute("drop schema municipality cascade")
    assert "Streng ledger accounts Konto og &lt;ansvar&gt; i ett" in words(text)


def test_a_report_that_was_left_half_written_is_cleared_by_the_next(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    paths.reports.mkdir(parents=True, exist_ok=True)
    left = paths.reports / "quality-killed.html.tmp"
    left.write_text("<!doc")
    report(con, paths)
    assert not left.exists()
    assert list(paths.reports.glob("*.html"))


def test_a_stopped_run_says_why_and_puts_the_broken_promise_first(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a"), check("b", success=False), check("c", success=False, severity="warning"))
    text = words(report(con, paths))
    assert "Kjøringen stoppet: 1 løfte ble brutt. Det som var publisert, står urørt." in text
    assert text.index("«b» skal holde.") < text.index("«c» skal holde.") < text.index("«a» skal")
    assert "brutt, stopper" in text
    assert "brutt, advarsel" in text


def test_a_file_shows_hash_size_time_status_and_where_its_rows_went(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a"))
    text = words(report(con, paths))
    assert "4,1\u00a0MB" in report(con, paths)
    for part in (
        "ab12",
        "21.11.2026 kl. 21.00",
        "1 010",
        "avvist",
        "Kolonnen «Enhet» mangler.",
        "ukjent kilde",
    ):
        assert part in text


def test_quarantine_shows_reason_and_row_numbers_but_no_values(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a"))
    text = words(report(con, paths))
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 og 5 til" in text
    assert "Summen i filen er 12 for høy." in text


def test_failures_are_new_continuing_or_fixed_against_the_edition_before(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a", success=False), check("b", success=False), check("c"), run=1)
    publish(con, "run-1", 1)
    # a night that stopped made no edition: what broke in it is still new to readers
    save(con, check("a"), check("b", success=False), check("c", success=False), run=2)
    save(con, check("a"), check("b", success=False), check("c", success=False), run=3)
    first, second = words(report(con, paths, "run-1")), words(report(con, paths, "run-3"))
    assert "Siden sist" not in first
    for rule, change in (("b", "fortsatt feil"), ("c", "ny feil"), ("a", "nå rettet")):
        assert f"«{rule}» skal holde. " in second
        row = re.search(rf"«{rule}» skal holde\. .*? rader brøt regelen (.*?) hr ", second)
        assert row is not None
        assert row.group(1).strip() == change


def test_history_lists_the_runs_newest_first_with_what_they_published(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a"), run=1)
    save(con, check("a", success=False), run=2)
    publish(con, "run-1", 7)
    text = words(report(con, paths, "run-2")).split("De siste kjøringene")[1]
    assert text.index("23.11.2026 kl. 01.15 (denne)") < text.index("22.11.2026 kl. 01.15")
    assert "generasjon 7" in text


def test_a_report_of_nothing_at_all_can_still_be_written(paths: Paths) -> None:
    with duckdb.connect() as con:
        create_tables(con, {})
        text = words(report(con, paths))
    assert "Kjøringen stoppet før noe ble kontrollert." in text
    assert "Ingen filer er levert." in text


def test_text_from_files_is_text_and_not_markup(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    con.execute("update ops.warnings set message_nb = '<script>alert(1)</script>{{ 7*7 }}'")
    save(con, check("a"))
    html = report(con, paths)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in html
    assert "stillinger &lt;2026&gt;.csv" in html
    assert "Ås &amp; omegn &lt;kommune&gt;" in html


def test_a_run_id_cannot_lead_out_of_the_folder(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    with pytest.raises(ValueError, match="run id"):
        write_report(con, paths, "x", "../x", None)


@pytest.mark.parametrize(
    ("gates", "published_by", "sentence"),
    [
        (("inbound", "outbound"), "run-0", "Leserne ser generasjon 3; kjøringen ga ingen ny."),
        (("inbound", "outbound"), None, "men ingenting er publisert."),
        (("inbound",), "run-0", "Kjøringen stoppet før det var regnet ut og publisert."),
    ],
)
def test_the_verdict_of_a_run_that_published_nothing(
    gates: tuple[str, ...], published_by: str | None, sentence: str
) -> None:
    checks = [{"gate": gate, "success": True, "severity": "error"} for gate in gates]
    publications = [{"run_id": published_by, "generation": 3}] if published_by else []
    assert verdict("run-1", checks, publications).endswith(sentence)


class Page(HTMLParser):
    """What an accessibility check needs to know of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_is_self_contained_and_marked_up_for_assistive_technology(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    save(con, check("a"), check("b", "outbound", success=False))
    publish(con, "run-1", 1)
    html = report(con, paths)
    page = Page()
    page.feed(html)
    assert page.all("html") == [{"lang": "nb"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.all("table")) == len(page.all("caption")) > 5
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "img", "iframe"}]
    targets = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert all((attrs["href"] or "")[1:] in targets for attrs in page.all("a"))
    assert not re.search(r"https?://|url\(|@import", html)
