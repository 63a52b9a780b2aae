"""The check before publishing: nothing new lets a hidden figure be worked out.

Only what changed since the last edition is attacked, with that edition known too. What the last
edition gives away on its own is no reason to stop: readers have it. Of pay, what is hidden for its
own sake stops: a line hidden for others' sake may follow from its unit's own months. Where nobody's
staff was ever delivered no group is known to be small, and pay is left to the command.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.disclosure.accounts import ECONOMY
from pipelines.disclosure.atoms import Truth, read_truth
from pipelines.disclosure.attack import Attack, attack_published
from pipelines.disclosure.blocks import changed_blocks, families, is_told_again
from pipelines.disclosure.figures import KEY, read_published, tables_there
from pipelines.disclosure.measures import MONEY
from pipelines.errors import PublishError
from pipelines.words.messages import say

_MARTS = "marts"
_LAST = "last_edition"
_NAMED = 3
_WAY_OUT = say("disclosure.guard.where_to_mend")


def refuse_given_away(con: duckdb.DuckDBPyConnection, last_edition: Path | None) -> Attack:
    """Attack what is about to be published, and refuse it when a hidden figure follows from it.

    One that is only known nearer than the protection level stops nothing: the rules, not tonight's
    data, would have to be changed, and it is counted.

    Args:
        con: The open warehouse, outside a transaction, with the marts built.
        last_edition: The file readers see now, if there is one.

    Returns:
        What was attacked and found.

    Raises:
        PublishError: Names table, metric, group and period of some of them; never a value.
    """
    with _attached(con, last_edition) as last:
        if last is not None and is_told_again(con, _MARTS, last):
            return Attack.of_nothing()
    try:
        truth = read_truth(con)
    except duckdb.CatalogException as error:
        raise PublishError(
            say("disclosure.guard.cannot_be_checked"),
            where="intermediate",
            way_out=say("disclosure.guard.run_to_build"),
        ) from error
    with _attached(con, last_edition) as last:
        new = read_published(con, _MARTS, truth)
        old = None if last is None else _read_old(con, last, truth)
        if last is None or old is None:
            blocks = _to_attack(con, _all_blocks(truth))
            found = attack_published(con, truth, [(_MARTS, new)], blocks)
            given_away = _that_stop(found, truth)
        else:
            blocks = _to_attack(con, changed_blocks(con, truth, (_MARTS, new), (last, old)))
            found = attack_published(con, truth, [(_MARTS, new), (last, old)], blocks)
            given_away = _not_before(con, truth, (_MARTS, new), (last, old), found)
    if not given_away.is_empty():
        raise PublishError(_message(con, given_away), way_out=_WAY_OUT)
    return found


def _read_old(con: duckdb.DuckDBPyConnection, place: str, truth: Truth) -> pl.DataFrame | None:
    """Read the last edition; one made by so old a version that it has other tables is not used."""
    try:
        return read_published(con, place, truth)
    except (duckdb.BinderException, duckdb.CatalogException):
        return None


def _not_before(
    con: duckdb.DuckDBPyConnection,
    truth: Truth,
    new: tuple[str, pl.DataFrame],
    old: tuple[str, pl.DataFrame],
    found: Attack,
) -> pl.DataFrame:
    """Leave out what the last edition says on its own, unless the new one does so too."""
    given_away = _that_stop(found, truth)
    if given_away.is_empty():
        return given_away
    blocks = (
        _with_family(given_away, truth)
        .select("family", year=pl.col("first_month").dt.year())
        .unique()
    )
    by_new = attack_published(con, truth, [new], blocks).given_away
    by_old = attack_published(con, truth, [old], blocks)
    not_by_old = by_old.cells.filter(~pl.col("is_exact"))
    is_new = given_away.join(by_new, on=KEY, how="semi")
    is_both = given_away.join(by_new, on=KEY, how="anti").join(not_by_old, on=KEY, how="semi")
    return pl.concat([is_new, is_both])


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, file: Path | None) -> Iterator[str | None]:
    if file is None:
        yield None
        return
    path = str(file).replace("'", "''")
    con.execute(f"attach '{path}' as {_LAST} (read_only)")
    try:
        yield f"{_LAST}.main"
    finally:
        con.execute(f"detach {_LAST}")


def _to_attack(con: duckdb.DuckDBPyConnection, blocks: pl.DataFrame) -> pl.DataFrame:
    """Leave out pay where the accounts are all there is of persons."""
    (n_staff,) = con.execute("select count(*) from intermediate.int_hr__unit_months").fetchall()[0]
    return blocks if n_staff else blocks.filter(pl.col("family") != MONEY)


def _that_stop(found: Attack, truth: Truth) -> pl.DataFrame:
    """Return what is given away, of pay only what is hidden for its own sake."""
    is_money = pl.col("family") == MONEY
    own = _with_family(found.given_away, truth).filter(pl.col("is_secret") | ~is_money)
    return own.drop("family")


def _with_family(cells: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    # what is no metric is a line of the accounts
    return cells.join(families(truth), on="metric_id", how="left").with_columns(
        pl.col("family").fill_null(MONEY)
    )


def _all_blocks(truth: Truth) -> pl.DataFrame:
    years = truth.cells.select(year=pl.col("month").dt.year()).unique()
    return families(truth).select("family").unique().join(years, how="cross")


def _message(con: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> str:
    labels = dict(con.execute("select metric_id, label_nb from municipality.metrics").fetchall())
    if ECONOMY in tables_there(con, _MARTS):
        lines = f"select distinct art_group, art_group_nb from {_MARTS}.{ECONOMY}"
        labels |= dict(con.execute(lines).fetchall())
    units = dict(con.execute("select unit_id, unit_name from marts.dim_units").fetchall())
    # one of each kind first: what went wrong is told by what is given away, not by how often
    nth = pl.int_range(pl.len()).over("table_name", "metric_id", "side")
    named = [
        f"{row['table_name']}, {_side(row, labels)},"
        f" {units.get(row['group_id'], row['group_id'])}, {_period(row)}"
        for row in found.sort(nth, maintain_order=True).head(_NAMED).iter_rows(named=True)
    ]
    more = " …" if len(found) > _NAMED else ""
    count = "Ett skjult tall" if len(found) == 1 else f"{len(found)} skjulte tall"
    return say("disclosure.guard.can_be_worked_out", count=count, named="; ".join(named), more=more)


def _side(row: dict[str, Any], labels: Mapping[str, str]) -> str:
    label = labels.get(row["metric_id"], row["metric_id"])
    is_below = row["side"] == "denominator"
    return say("disclosure.guard.below_the_line", label=label) if is_below else label


def _period(row: dict[str, object]) -> str:
    first, last = str(row["first_month"])[:7], str(row["last_month"])[:7]
    return first if first == last else f"{first} til {last}"
