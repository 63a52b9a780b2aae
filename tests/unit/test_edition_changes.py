"""What is new between two editions: told where both show it, and never where one hides it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.publishing.build import published_tables
from pipelines.publishing.edition_changes import write_changes
from pipelines.publishing.files import current, file_of
from pipelines.publishing.generation import export_sorted, publish, read_rows, rollback
from pipelines.publishing.sentences import write_sentences
from pipelines.settings import Paths
from pipelines.words.change_sentences import Change, what_is_new
from pipelines.words.told_rows import Metric, columns_of, typed
from tests.unit.publishing_town import add_delivery

ASKED = (
    "control_charts", "dim_headline_rules", "dim_metrics", "dim_units", "effects",
    "fct_metric_months", "mart_baselines", "mart_changes", "mart_cycles", "mart_deliveries",
    "mart_events", "mart_headlines", "mart_lineage", "mart_municipality", "mart_pitfalls",
    "mart_sentences",
)  # fmt: skip
# only what is asked of two editions: a whole edition takes ten times as long to write
PRODUCTS = {name: load_contracts(kind="products")[name] for name in ASKED}
NOW = datetime(2026, 11, 30, 1, 15, tzinfo=UTC)
SICK, UNIT, CYCLE = "sick_leave_pct", "u1", "S-1"
MAY, JUNE = date(2018, 5, 1), date(2018, 6, 1)
Warehouse = duckdb.DuckDBPyConnection


def put(con: Warehouse, table: str, **values: object) -> None:
    names, places = ", ".join(values), ", ".join("?" for _ in values)
    con.execute(f"insert into marts.{table} ({names}) values ({places})", list(values.values()))


def month(con: Warehouse, when: date, value: float | None, **more: object) -> None:
    put(con, "fct_metric_months", level="unit", group_id=UNIT, metric_id=SICK, month=when,
        value=value, n_persons_label="20", **more)  # fmt: skip
    con.execute("insert into intermediate.int_metric_levels values ('unit', ?, ?, ?, 20)",
                [UNIT, SICK, when])  # fmt: skip


def point(con: Warehouse, when: date, value: float, rule: str | None, side: int | None) -> None:
    put(con, "mart_control_chart_points", series_id="s1", unit_id=UNIT, metric_id=SICK,
        cycle_id=CYCLE, series="value", month=when, phase_no=1, phase="after", value=value,
        measured_value=value, rule=rule, signal_side=side,
        colour="improvement" if rule else "common_cause")  # fmt: skip


@pytest.fixture
def town(con: Warehouse) -> Warehouse:
    """One unit with one metric, judged after one round, in a warehouse with every mart."""
    for table in published_tables(PRODUCTS):
        columns = ", ".join(f'"{c.name}" {c.physical_type}' for c in table.columns)
        con.execute(f"create or replace table marts.{table.name} ({columns})")
    con.execute("delete from intermediate.int_metric_levels")
    con.execute("create table intermediate.int_metric_years as"
                " select level, group_id, metric_id, 2018 as year, n_persons"
                " from intermediate.int_metric_levels where false")  # fmt: skip
    put(con, "dim_units", unit_id=UNIT, unit_name="Gimle", sector="Omsorg", lean_status="planned")
    put(con, "dim_metrics", metric_id=SICK, label_nb="Sykefravær", label_en="Sick leave",
        label_nn="Sjukefråvær", unit="percent", decimals=1, direction="lower", scale=100.0,
        is_about_persons=True, metric_order=1)  # fmt: skip
    put(con, "mart_municipality", municipality_id="m", name="Kommunen", last_month=MAY)
    put(con, "mart_lineage", metric_id=SICK, source_table="hr.positions")
    put(con, "mart_cycles", cycle_id=CYCLE, unit_id=UNIT, start_date=date(2016, 1, 1))
    put(con, "mart_headlines", cycle_id=CYCLE, unit_id=UNIT, unit_name="Gimle", metric_id=SICK,
        headline="no_change_detected", verdict_class="no_change", basis="comparison")  # fmt: skip
    put(con, "mart_baselines", cycle_id=CYCLE, metric_id=SICK, unit_id=UNIT, value=8.0,
        baseline_hash="a", is_restated=False)  # fmt: skip
    put(con, "mart_pitfalls", scope_type="unit", scope_id=UNIT, signal_id="plan_slips",
        pitfall_no=1, status="no_signal")  # fmt: skip
    month(con, MAY, 7.0)
    point(con, MAY, 7.0, None, None)
    return con


def night(con: Warehouse, paths: Paths) -> list[Mapping[str, Any]]:
    """Publish what is there, and return what the edition readers now have says is new."""
    write_changes(con, paths, PRODUCTS)
    write_sentences(con, PRODUCTS)
    publish(con, paths, PRODUCTS, "run", None, NOW)
    return told(paths)


def told(paths: Paths, table: str = "mart_changes") -> list[Mapping[str, Any]]:
    now = current(paths)
    assert now is not None
    return read_rows(paths, now, f"from {table}")


def june_comes(con: Warehouse) -> None:
    """A delivery with a correction of May and the new month of June: everything moves."""
    con.execute("update ops.deliveries set periods = '2018-04,2018-05' where seq = 1")
    add_delivery(con, "D000002", "juni.csv")
    con.execute("update ops.deliveries set periods = '2018-05,2018-06', file_sha256 = 'b'"
                " where delivery_id = 'D000002'")  # fmt: skip
    con.execute("update marts.fct_metric_months set value = 7.4 where month = ?", [MAY])
    month(con, JUNE, 5.0)
    point(con, JUNE, 5.0, "shift", -1)
    con.execute("update marts.mart_headlines set headline = 'improved', verdict_class = 'better'")
    con.execute("update marts.mart_baselines set is_restated = true, restated_value = 8.2")
    con.execute("update marts.mart_pitfalls set status = 'signal'")
    con.execute("update marts.dim_units set lean_status = 'in_progress'")


def test_the_first_edition_says_that_there_is_none_before(town: Warehouse, paths: Paths) -> None:
    assert night(town, paths) == []
    (edition,) = told(paths, "mart_edition")
    assert (edition["edition"], edition["previous_edition"]) == (1, None)
    assert not edition["is_comparable"]


def test_what_moved_is_told_once_with_what_it_was_and_why(town: Warehouse, paths: Paths) -> None:
    night(town, paths)
    june_comes(town)
    found = {row["change_kind"]: row for row in night(town, paths)}
    assert list(found) != []
    assert set(found) == {
        "verdict", "figure_corrected", "figure_new", "signal_new", "baseline_restated",
        "pitfall_new", "lean_status", "delivery",
    }  # fmt: skip
    verdict = found["verdict"]
    assert (verdict["old_class"], verdict["new_class"]) == ("no_change", "better")
    assert verdict["reason_codes"] == "corrected,new_month"
    assert verdict["delivery_ids"] == "D000002"
    corrected = found["figure_corrected"]
    assert (corrected["old_value"], corrected["new_value"], corrected["month"]) == (7.0, 7.4, MAY)
    assert (corrected["reason_codes"], corrected["n"]) == ("corrected", 1)
    assert (found["figure_new"]["month"], found["figure_new"]["reason_codes"]) == (
        JUNE, "new_month",
    )  # fmt: skip
    assert found["delivery"]["unit_id"] is None
    said = {row["text"] for row in told(paths, "mart_sentences") if row["language"] == "nb"}
    assert "Sykefravær, mai 2018: 7,0\u00a0% er rettet til 7,4\u00a0%. Rettede måneder: 1." in {
        text.partition(" Grunn:")[0] for text in said
    }


def test_a_night_with_nothing_new_publishes_nothing(town: Warehouse, paths: Paths) -> None:
    night(town, paths)
    june_comes(town)
    first = night(town, paths)
    export = export_sorted(file_of(paths, _current(paths)))
    assert night(town, paths) == first != []
    assert _current(paths).number == 2
    # the same figures with another history are the same bytes
    rollback(paths, town, 1)
    town.execute("update marts.mart_pitfalls set status = 'no_signal'")
    night(town, paths)
    town.execute("update marts.mart_pitfalls set status = 'signal'")
    other = night(town, paths)
    assert other != first
    assert export_sorted(file_of(paths, _current(paths))) == export


def _current(paths: Paths) -> Any:
    return current(paths)


HIDDEN_CELL = "update marts.fct_metric_months set value = null, suppression_reason = 'few_persons'"
HIDDEN_VERDICT = "update marts.mart_headlines set verdict_class = 'hidden', headline = 'suppressed'"


def hide(con: Warehouse) -> None:
    con.execute(HIDDEN_CELL)
    con.execute(HIDDEN_VERDICT)
    con.execute("update marts.mart_control_chart_points set measured_value = null, value = null")
    con.execute("update marts.mart_baselines set value = null, restated_value = null")


def show(con: Warehouse) -> None:
    con.execute("update marts.fct_metric_months set value = 6.0, suppression_reason = null")
    con.execute("update marts.mart_headlines set verdict_class = 'worse', headline = 'worsened'")
    con.execute("update marts.mart_baselines set value = 9.0")


@pytest.mark.parametrize(
    ("before", "after"),
    [(hide, show), (show, hide), (hide, hide)],
    ids=["shown later", "hidden later", "hidden in both"],
)
def test_what_is_hidden_in_either_edition_has_no_row(
    town: Warehouse, paths: Paths, before: Callable[..., None], after: Callable[..., None]
) -> None:
    before(town)
    night(town, paths)
    june_comes(town)
    after(town)
    # of a unit whose every figure one of them hides, only what is about no figure is told: its
    # June, which neither edition had hidden before it came, is new where it is shown
    kinds = {row["change_kind"] for row in night(town, paths) if row["metric_id"]}
    assert kinds <= ({"figure_new"} if after is show else set())
    assert all(row["month"] == JUNE for row in told(paths) if row["change_kind"] == "figure_new")
    assert all(row["n"] == 1 for row in told(paths) if row["change_kind"] == "figure_new")


def test_a_month_that_is_hidden_now_is_told_by_no_other_news(town: Warehouse, paths: Paths) -> None:
    town.execute("update marts.mart_control_chart_points set rule = 'shift', signal_side = 1")
    night(town, paths)
    # May is hidden since, and June is shown; the conclusion is shown in both
    june_comes(town)
    town.execute(f"{HIDDEN_CELL} where month = ?", [MAY])
    found = night(town, paths)
    assert "figure_new" in {row["change_kind"] for row in found}
    assert not [row for row in found if row["change_kind"].startswith("signal")]
    assert not [row for row in found if row["old_month"] == MAY or row["old_value"] == 7.0]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("update marts.dim_metrics set minimum_relevant_effect = 0.7", "rule"),
        ("update marts.mart_cycles set start_date = '2016-03-01'", "register"),
        ("update marts.mart_baselines set baseline_hash = 'b'", "baseline_corrected"),
        ("select 1", "method"),
    ],
)
def test_a_verdict_that_moves_alone_says_what_else_was_changed(
    town: Warehouse, paths: Paths, sql: str, reason: str
) -> None:
    night(town, paths)
    town.execute("update marts.mart_headlines set headline = 'improved', verdict_class = 'better'")
    town.execute(sql)
    (verdict,) = [row for row in night(town, paths) if row["change_kind"] == "verdict"]
    assert verdict["reason_codes"] == reason


def test_a_withdrawn_delivery_is_the_reason_and_no_correction(
    town: Warehouse, paths: Paths
) -> None:
    june_comes(town)
    night(town, paths)
    town.execute("update ops.deliveries set status = 'withdrawn' where delivery_id = 'D000002'")
    town.execute("update marts.fct_metric_months set value = null, missing_reason = 'no_data'"
                 " where month = ?", [JUNE])  # fmt: skip
    town.execute("update marts.mart_headlines set headline = 'worsened', verdict_class = 'worse'")
    found = {row["change_kind"]: row for row in night(town, paths)}
    assert found["figure_gone"]["reason_codes"] == found["verdict"]["reason_codes"] == "withdrawn"
    assert (found["delivery"]["old_code"], found["delivery"]["new_code"]) == ("loaded", "withdrawn")


def test_an_edition_of_an_older_version_is_not_compared(town: Warehouse, paths: Paths) -> None:
    older = {name: contract for name, contract in PRODUCTS.items() if name != "mart_headlines"}
    publish(town, paths, older, "run", None, NOW)
    june_comes(town)
    assert night(town, paths) == []
    (edition,) = told(paths, "mart_edition")
    assert (edition["previous_edition"], edition["is_comparable"]) == (1, False)


def test_a_reader_of_some_units_is_given_the_rows_of_those_units_alone() -> None:
    scope = PRODUCTS["mart_changes"].tables["mart_changes"].scope
    assert scope is not None
    # without a column of members a group's row is closed to them
    assert (scope.kind, scope.unit, scope.members) == ("group", "unit_id", "")


def test_nothing_is_left_attached_or_lying_about(town: Warehouse, paths: Paths) -> None:
    night(town, paths)
    june_comes(town)
    night(town, paths)
    assert town.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [(0,)]
    attached = town.execute("select database_name from duckdb_databases()").fetchall()
    assert ("edition_before",) not in attached


@pytest.mark.parametrize(("sha256", "kinds"), [("a" * 64, []), ("b" * 64, ["delivery"] * 2)])
def test_a_file_that_is_only_read_anew_is_no_news(
    town: Warehouse, paths: Paths, sha256: str, kinds: list[str]
) -> None:
    town.execute("update ops.deliveries set periods = '2018-05'")
    night(town, paths)
    add_delivery(town, "D000002", "mai.csv")
    town.execute("update ops.deliveries set status = 'superseded' where delivery_id <> 'D000002'")
    town.execute("update ops.deliveries set periods = '2018-05', file_sha256 = ?"
                 " where delivery_id = 'D000002'", [sha256])  # fmt: skip
    assert [row["change_kind"] for row in night(town, paths)] == kinds


@pytest.mark.parametrize(("language", "said"), [
    ("nb", "Pilotene samlet, sykefravær: fra «Kan ikke sies» til «Bedre»."),
    ("nn", "Pilotane samla, sjukefråvær: frå «Kan ikkje seiast» til «Betre»."),
    ("en", "The pilots together, sick leave: from “Cannot tell” to “Better”."),
])  # fmt: skip
def test_a_groups_conclusion_is_told_by_what_the_group_is_called(language: str, said: str) -> None:
    labels = {"nb": "Sykefravær", "nn": "Sjukefråvær", "en": "Sick leave"}
    row = dict.fromkeys(columns_of(Change)) | {
        "change_kind": "pooled", "scope_type": "pilots", "scope_id": "pilots",
        "old_class": "cannot_tell", "new_class": "better",
    }  # fmt: skip
    assert what_is_new(typed(Change, row, Metric(labels, "pct", 1, "lower")), language) == said
