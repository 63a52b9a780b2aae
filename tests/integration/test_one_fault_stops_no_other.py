"""One impossible month, or files of a few sources only: everything else is published.

Also that the same deliveries give the same tables again, whatever the threads of DuckDB.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.case_town import MUNICIPALITY, Town
from tests.order_free import compiled_models, contents, rebuild

pytestmark = pytest.mark.integration

CASE = "08_negative_pay_month_stops_night"
REVERSED = "group_id = 'L4' and month = date '2023-01-01'"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = Town.build(tmp_path_factory.mktemp("town"))
    town.deliver(CASE, "regnskap.csv")
    town.pukk("run")
    return town


def test_a_negative_pay_month_is_missing_and_everything_else_is_published(town: Town) -> None:
    cells = town.published(
        "select metric_id, value, numerator, denominator, missing_reason from fct_metric_months"
        f" where metric_id in ('overtime_pct', 'substitute_pct') and {REVERSED} order by all"
    )
    assert cells == [
        (metric_id, None, None, None, "negative_denominator")
        for metric_id in ("overtime_pct", "substitute_pct")
    ]
    # February: overtime 5 000 of fixed pay 250 000
    assert town.published(
        "select value from fct_metric_months where metric_id = 'overtime_pct' and group_id = 'L4'"
        " and month = date '2023-02-01'"
    ) == [(2.0,)]
    others = town.published(
        "select count(distinct group_id) from fct_metric_months where value is not null"
        " and level = 'unit'"
    )
    assert others[0][0] > 20


def test_the_amounts_of_the_month_count_in_the_year(town: Town) -> None:
    # twelve months of overtime 5 000 and substitutes 20 000
    assert town.published(
        "select art_group, accounts_nok from mart_economy where unit_id = 'L4' and year = 2023"
        " and art_group in ('overtime', 'substitute') order by 1"
    ) == [("overtime", 60_000.0), ("substitute", 240_000.0)]


def test_the_reason_has_words_in_both_languages(town: Town) -> None:
    assert town.published(
        "select count(*) from dim_labels where domain = 'absent_figure'"
        " and code in ('negative_denominator', 'impossible_value')"
        " and label_nb is not null and label_en is not null"
    ) == [(2,)]


@pytest.fixture
def con(town: Town, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes((town.home / MUNICIPALITY / "warehouse.duckdb").read_bytes())
    con = duckdb.connect(str(copy))
    con.execute("set TimeZone = 'Europe/Oslo'")
    yield con
    con.close()


def test_threads_and_row_order_change_no_table(town: Town, con: duckdb.DuckDBPyConnection) -> None:
    state = town.home / MUNICIPALITY / "state" / "dbt"
    models = compiled_models(state / "manifest.json", compiled=state / "compiled")
    rebuild(con, models)
    first = contents(con, models)
    for threads, keeps_order in ((1, True), (4, False), (8, False)):
        con.execute(f"set threads = {threads}")
        con.execute(f"set preserve_insertion_order = {keeps_order}")
        rebuild(con, models)
        now = contents(con, models)
        assert [name for name in first if first[name] != now[name]] == []
    rebuild(con, models, shuffled=0.5)
    now = contents(con, models)
    assert [name for name in first if first[name] != now[name]] == []


# what a municipality may have, and what then has figures
ONLY = {
    "register": ((), None),
    "ledger": (("regnskap",), "substitute_pct"),
    "hr": (("stillinger",), "agreed_fte"),
    "sick_leave_sums": (("sykefravar",), "sick_leave_pct"),
}
READY_SUMS = """\
contract: sick_leave
feeds:
- id: ready_sums
  table: unit_months
  files: [sykefravar*.csv]
  period: {source: column, column: month}
  columns:
    unit_id: {column: Enhet, unit_code: hr_org}
    month: {column: Maaned}
    definition: {constant: HR_INTERN}
    sick_days: {column: Sykedager}
    agreed_days: {column: Avtalte dager}
    n_persons: {column: Ansatte}
"""


def _deliver_ready_sums(town: Town) -> None:
    (town.config / "sources" / "sick_leave.yml").write_text(READY_SUMS)
    lines = [
        f"U{unit:02d};{year}-{month:02d};{8 + (unit + month) % 5};200;12"
        for year in (2022, 2023)
        for month in range(1, 13)
        for unit in range(1, 11)
    ]
    header = "Enhet;Maaned;Sykedager;Avtalte dager;Ansatte"
    town.write("sykefravar.csv", "\n".join([header, *lines, ""]))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A municipality after a night with its register alone, and the rest of its files beside."""
    town = Town.build(tmp_path_factory.mktemp("bare") / "town")
    (town.config / "metrics.yml").write_text("standard: all\n")
    (town.config / "pilots.yml").write_text("pilots: []\n")
    (town.root / "rest").mkdir()
    for file in town.inbox.iterdir():
        if not file.name.startswith(("enheter", "koder")):
            file.rename(town.root / "rest" / file.name)
    town.pukk("run")
    return town


@pytest.mark.parametrize("source", ONLY)
def test_a_municipality_with_one_source_publishes_it(
    source: str, bare: Town, tmp_path: Path
) -> None:
    kept, metric_id = ONLY[source]
    town = bare.copied_to(tmp_path / "town")
    if source == "sick_leave_sums":
        _deliver_ready_sums(town)
    else:
        for file in (town.root / "rest").iterdir():
            if file.name.startswith(kept):
                file.rename(town.inbox / file.name)
    assert ("Ingenting nytt" in town.pukk("run").stdout) == (source == "register")
    shown = town.published(
        "select distinct metric_id from fct_metric_months where value is not null"
    )
    assert ((metric_id,) in shown) if metric_id else (shown == [])
    assert town.published(
        "select distinct missing_reason is not null or suppression_reason is not null"
        " from fct_metric_months where value is null"
    ) == [(True,)]
    if source == "sick_leave_sums":
        # 8 + (1 + 1) % 5 of 200
        assert town.published(
            "select value from fct_metric_months where metric_id = 'sick_leave_pct'"
            " and group_id = 'U01' and month = date '2022-01-01'"
        ) == [(5.0,)]
