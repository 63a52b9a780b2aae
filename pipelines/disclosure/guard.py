"""The check before publishing: nothing new lets a hidden figure be worked out.

Only what changed since the last edition is attacked, with that edition known too. What the last
edition gives away on its own is no reason to stop: readers have it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.disclosure.atoms import Truth, read_truth
from pipelines.disclosure.attack import Attack, attack_published
from pipelines.disclosure.blocks import changed_blocks, families
from pipelines.disclosure.figures import KEY, read_published
from pipelines.errors import PublishError

_MARTS = "marts"
_LAST = "last_edition"
_NAMED = 3
_WAY_OUT = (
    "Det som var publisert, står. Skjermingen skal rettes der resultattabellene bygges"
    " (docs/methods/suppression.md); pukk privacy attack viser hvor mange tall det gjelder."
)


def refuse_given_away(con: duckdb.DuckDBPyConnection, last_edition: Path | None) -> int:
    """Attack what is about to be published, and refuse it when a hidden figure follows from it.

    Args:
        con: The open warehouse, outside a transaction, with the marts built.
        last_edition: The file readers see now, if there is one.

    Returns:
        How many hidden figures were attacked.

    Raises:
        PublishError: Names table, metric, group and period of some of them; never a value.
    """
    try:
        truth = read_truth(con)
    except duckdb.CatalogException as error:
        raise PublishError(
            "Det kan ikke kontrolleres om skjulte tall lar seg regne ut.",
            where="intermediate",
            way_out="Kjør pukk run, så bygges tabellene.",
        ) from error
    with _attached(con, last_edition) as last:
        new = read_published(con, _MARTS, truth)
        if last is None:
            found = attack_published(con, truth, [(_MARTS, new)])
            exposed = found.exposed
        else:
            old = read_published(con, last, truth)
            blocks = changed_blocks(con, truth, (_MARTS, new), (last, old))
            found = attack_published(con, truth, [(_MARTS, new), (last, old)], blocks)
            exposed = _not_before(con, truth, (_MARTS, new), (last, old), found)
    if not exposed.is_empty():
        raise PublishError(_message(con, exposed), way_out=_WAY_OUT)
    return len(found.cells)


def _not_before(
    con: duckdb.DuckDBPyConnection,
    truth: Truth,
    new: tuple[str, pl.DataFrame],
    old: tuple[str, pl.DataFrame],
    found: Attack,
) -> pl.DataFrame:
    """Leave out what the last edition says on its own, unless the new one does so too."""
    exposed = found.exposed
    if exposed.is_empty():
        return exposed
    blocks = (
        exposed.join(families(truth), on="metric_id", how="left")
        .select(pl.col("family").fill_null("money"), year=pl.col("first_month").dt.year())
        .unique()
    )
    key = [name for name in KEY if name != "side"]
    by_new = attack_published(con, truth, [new], blocks).exposed
    by_old = attack_published(con, truth, [old], blocks).protected
    is_new = exposed.join(by_new, on=key, how="semi")
    is_both = exposed.join(by_new, on=key, how="anti").join(by_old, on=key, how="semi")
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


def _message(con: duckdb.DuckDBPyConnection, exposed: pl.DataFrame) -> str:
    labels = dict(con.execute("select metric_id, label_nb from municipality.metrics").fetchall())
    units = dict(con.execute("select unit_id, unit_name from marts.dim_units").fetchall())
    named = [
        f"{row['table_name']}, {labels.get(row['metric_id'], row['metric_id'])},"
        f" {units.get(row['group_id'], row['group_id'])}, {_period(row)}"
        for row in exposed.head(_NAMED).iter_rows(named=True)
    ]
    more = " …" if len(exposed) > _NAMED else ""
    count = "Ett skjult tall" if len(exposed) == 1 else f"{len(exposed)} skjulte tall"
    return f"{count} kan regnes ut av det som skulle publiseres: {'; '.join(named)}.{more}"


def _period(row: dict[str, object]) -> str:
    first, last = str(row["first_month"])[:7], str(row["last_month"])[:7]
    return first if first == last else f"{first} til {last}"
