"""Nothing hidden in the example can be worked out of what is published, and the guard says so."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.disclosure.attack import Attack, attack
from pipelines.disclosure.guard import refuse_given_away
from pipelines.disclosure.table import summary
from pipelines.errors import PublishError

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def town(example_home: Path) -> Path:
    return example_home / "vestre_toten"


@pytest.fixture(scope="module")
def edition(town: Path) -> Path:
    return max((town / "published").glob("generation-*.duckdb"))


@pytest.fixture(scope="module")
def warehouse(town: Path, edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(town / "warehouse.duckdb"), read_only=True) as con:
        con.execute(f"attach '{edition}' as edition (read_only)")
        yield con


@pytest.fixture(scope="module")
def found(warehouse: duckdb.DuckDBPyConnection) -> Attack:
    return attack(warehouse, "edition.main")


def test_no_hidden_figure_is_known(found: Attack) -> None:
    counted = summary(found)
    assert counted["n_hidden"].sum() > 50_000
    known = counted.filter(pl.col("n_exact") > 0)
    assert known.is_empty(), known.to_dicts()


def test_hardly_any_hidden_figure_is_known_nearer_than_the_protection_level(found: Attack) -> None:
    counted = summary(found)
    assert counted["n_inside"].sum() <= counted["n_hidden"].sum() / 10_000


def test_every_published_figure_is_a_sum_the_attacker_knows(found: Attack) -> None:
    assert found.odd.is_empty(), found.odd.head().to_dicts()


def test_a_line_of_pay_a_hidden_unit_has_nothing_in_is_there_and_has_its_member(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    hidden = (
        "select unit_id, year from intermediate.int_suppression__ledger_lines"
        " where refund_reason is not null"
    )
    lines = (
        "select scope_id, year from intermediate.int_ledger__year_totals"
        " where scope_type = 'unit' and art_group = 'sick_pay_refund'"
    )
    assert warehouse.sql(f"{hidden} except {lines}").fetchall(), "the example has no such unit"
    told = (
        "select unit_id, year from edition.main.mart_economy"
        " where art_group = 'sick_pay_refund' and accounts_nok is null"
    )
    assert warehouse.sql(f"{hidden} except {told}").fetchall() == []
    members = (
        "select members.unit_id, totals.year from edition.main.dim_group_members as members"
        " join edition.main.mart_economy_totals as totals using (members_key)"
        " where totals.scope_type = 'municipality' and totals.art_group = 'sick_pay_refund'"
        " and members.limit_halves is not null"
    )
    assert warehouse.sql(f"{told} except {members}").fetchall() == []


def test_a_night_in_which_nothing_changed_attacks_nothing(
    warehouse: duckdb.DuckDBPyConnection, edition: Path
) -> None:
    assert refuse_given_away(warehouse, edition).cells.is_empty()


# the year's sick days, and what the accounts show of the same unit and year
_SICK_YEARS = """
select levels.group_id as unit_id, year(levels.month) as year, sum(levels.numerator) as sick_days,
    sum(levels.denominator) as agreed_days, max(levels.n_persons) as n_persons
from intermediate.int_metric_levels as levels
where levels.level = 'unit' and levels.metric_id = 'sick_leave_pct' and levels.has_data
group by all
having count(*) = 12
"""
# everything else that is shown of a unit and year: each line and budget, each total, each month
_SHOWN_AMOUNTS = """
select unit_id, year, concat('line ', art_group) as name, accounts_nok as amount
from edition.main.mart_economy
union all
select unit_id, year, concat('budget ', art_group), revised_budget_nok
from edition.main.mart_economy
union all
select scope_id, year, concat('total ', art_group), accounts_nok
from edition.main.mart_economy_totals
where scope_type = 'unit'
"""
_SHOWN_MONTHS = """
select shown.group_id as unit_id, year(shown.month) as year,
    concat(shown.metric_id, ' ', month(shown.month)) as name, shown.value as amount
from edition.main.fct_metric_months as shown
inner join municipality.metrics as metrics on shown.metric_id = metrics.metric_id
where shown.level = 'unit' and shown.metric_id <> 'sick_leave_pct'
    and coalesce(metrics.split_of, '') <> 'sick_leave_pct'
"""
_SMALL = 5
_PENALTIES = (1, 10, 100, 1_000, 10_000)


def test_economy_predicts_the_sick_days_of_small_units_no_better_than_their_average(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Ridge regressions fitted on the units that show both, used where sick leave is hidden.

    None must come nearer than guessing each unit's own average of its other years, which is what
    somebody who knows the unit could say; whatever the penalty, and also when only units of a size
    like theirs are fitted on.
    """
    frame = warehouse.sql(_SICK_YEARS).pl()
    names: dict[str, list[str]] = {}
    for kind, sql in (("amounts", _SHOWN_AMOUNTS), ("months", _SHOWN_MONTHS)):
        rows = warehouse.sql(sql).pl().drop_nulls("amount")
        wide = rows.pivot(on="name", index=["unit_id", "year"], values="amount")
        names[kind] = wide.columns[2:]
        frame = frame.join(wide, on=["unit_id", "year"], how="left")
    frame = frame.with_columns(pl.col(names["amounts"]) / pl.col("agreed_days"))
    small = frame.filter(pl.col("n_persons") < _SMALL)
    others = frame.filter(pl.col("n_persons") >= _SMALL)
    assert len(small) > 10
    for name in ("line sick_pay_refund", "line base_pay", "total all"):
        assert others[name].null_count() < len(others)
        assert small[name].null_count() == len(small)
    guess = _own_average(small)
    known = [n for kind in names.values() for n in kind if small[n].null_count() < len(small)]
    assert len(known) > 20
    for fitted_on in (others, others.filter(pl.col("n_persons") <= 2 * _SMALL)):
        for penalty in _PENALTIES:
            predicted = _predicted(fitted_on, small, known, penalty)
            error = np.abs(predicted - small["sick_days"].to_numpy()).mean()
            assert error >= guess, (penalty, error, guess)


def _own_average(small: pl.DataFrame) -> float:
    per_unit = small.with_columns(
        n=pl.len().over("unit_id"), sum=pl.col("sick_days").sum().over("unit_id")
    ).filter(pl.col("n") > 1)
    others = (pl.col("sum") - pl.col("sick_days")) / (pl.col("n") - 1)
    return float(per_unit.select((pl.col("sick_days") - others).abs().mean()).item())


def _predicted(
    fitted_on: pl.DataFrame, wanted: pl.DataFrame, names: list[str], penalty: float
) -> np.ndarray:
    """Ridge regression of sick days per agreed day on standardised figures, missing at the mean."""
    table, unseen = (frame.select(names).to_numpy().astype(float) for frame in (fitted_on, wanted))
    mean = np.nanmean(table, axis=0)
    table, unseen = (np.where(np.isnan(each), mean, each) for each in (table, unseen))
    scale = table.std(axis=0) + 1e-9
    table, unseen = (table - mean) / scale, np.clip((unseen - mean) / scale, -5.0, 5.0)
    rate = (fitted_on["sick_days"] / fitted_on["agreed_days"]).to_numpy()
    coefficients = np.linalg.solve(
        table.T @ table + penalty * np.eye(len(names)), table.T @ (rate - rate.mean())
    )
    return (rate.mean() + unseen @ coefficients) * wanted["agreed_days"].to_numpy()


def _tampered(town: Path, tmp_path: Path, sql: str) -> duckdb.DuckDBPyConnection:
    copy = tmp_path / "warehouse.duckdb"
    copy.write_bytes((town / "warehouse.duckdb").read_bytes())
    con = duckdb.connect(str(copy))
    con.execute(sql)
    return con


def test_a_figure_shown_by_mistake_stops_publishing_and_is_not_told(
    town: Path, edition: Path, tmp_path: Path
) -> None:
    # of one sector's hidden units in a month, all but one are shown
    con = _tampered(
        town,
        tmp_path,
        """
        update marts.fct_metric_months as shown
        set numerator = known.numerator, denominator = known.denominator, value = known.value,
            suppression_reason = null
        from intermediate.int_metric_levels as known
        where shown.level = 'unit' and shown.metric_id = 'sick_leave_pct'
            and known.level = 'unit' and known.metric_id = 'sick_leave_pct'
            and known.group_id = shown.group_id and known.month = shown.month
            and shown.month = date '2016-03-01' and shown.suppression_reason is not null
            and shown.group_id <> (
                select min(group_id) from marts.fct_metric_months
                where level = 'unit' and metric_id = 'sick_leave_pct'
                    and month = date '2016-03-01' and suppression_reason is not null
            )
        """,
    )
    with con, pytest.raises(PublishError) as stopped:
        refuse_given_away(con, edition)
    text = stopped.value.text
    assert "Sykefravær" in text
    assert "2016-03" in text
    assert "fct_metric_months" in text
    assert "pukk privacy attack" in text


# of the units whose lines of pay are hidden in a year, all but one show them
_PAY_SHOWN = """
update marts.mart_economy as shown
set accounts_nok = known.accounts_nok, suppression_reason = null
from intermediate.int_ledger__year_totals as known
where known.scope_type = 'unit' and known.scope_id = shown.unit_id and known.year = shown.year
    and known.art_group = shown.art_group and shown.art_group = 'base_pay' and shown.year = 2016
    and shown.suppression_reason is not null
    and shown.unit_id <> (
        select min(unit_id) from marts.mart_economy
        where art_group = 'base_pay' and year = 2016 and suppression_reason = 'few_persons'
    )
"""


def test_pay_of_a_small_unit_shown_by_mistake_stops_publishing(
    town: Path, edition: Path, tmp_path: Path
) -> None:
    con = _tampered(town, tmp_path, _PAY_SHOWN)
    with con, pytest.raises(PublishError) as stopped:
        refuse_given_away(con, edition)
    assert "mart_economy, Fast lønn" in stopped.value.text
    assert "2016" in stopped.value.text


def test_where_nobodys_staff_was_delivered_accounts_stop_nothing(
    town: Path, edition: Path, tmp_path: Path
) -> None:
    con = _tampered(town, tmp_path, f"{_PAY_SHOWN}; delete from intermediate.int_hr__unit_months")
    with con:
        assert refuse_given_away(con, edition).given_away.is_empty()
