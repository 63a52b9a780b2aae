"""How one delivery is shown: its counts, its sums before and after, and what became of it.

Counts and sums only. What they are is worked out in ``pipelines.ingest.compare``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from pipelines.defs.context import RunContext
from pipelines.errors import PukkError
from pipelines.ingest.compare import CHANGED, Effect, effect_of
from pipelines.warehouse.left_out import dropped_rows
from pipelines.warehouse.rows import rows_of
from pipelines.words.messages import say

STATUS_NB = {
    "loaded": "lastet",
    "rejected": "avvist",
    "duplicate": say("cli.delivery_shown.delivered_before"),
    "superseded": "erstattet",
    "held": "holdt tilbake",
    "withdrawn": "trukket tilbake",
}
"""Status of a delivery -> what it is called in bokmål."""
_HAS_REASON = frozenset({"held", "rejected", "duplicate"})
"""Statuses that the ledger's reason is about; it stays there when the status becomes another."""


def shown_delivery(
    ctx: RunContext, con: duckdb.DuckDBPyConnection, delivery_id: str
) -> dict[str, Any]:
    """Return everything that can be said of a delivery, without any row of it.

    Args:
        ctx: The run's context.
        con: The working warehouse.
        delivery_id: The delivery.

    Raises:
        PukkError: there is no such delivery.
    """
    row = _delivery(con, delivery_id)
    by_id = [delivery_id]
    is_why = row["status"] in _HAS_REASON
    shown: dict[str, Any] = {
        **row,
        "reason_code": row["reason_code"] if is_why else None,
        "reason_nb": row["reason_nb"] if is_why else None,
        "losses": [
            each["message_nb"]
            for each in _rows(
                con,
                "select message_nb from ops.losses where landing_file like ? order by found_at",
                [f"%/{delivery_id}.parquet"],
            )
        ],
        "warnings": _rows(
            con,
            "select code, message_nb from ops.warnings where delivery_id = ? order by all",
            by_id,
        ),
        "quarantine": _rows(
            con,
            "select column_name, rule_id, min(reason_nb) as reason_nb, min(found_nb) as found_nb,"
            " count(distinct source_row) as n_rows, min(source_row) as first_row"
            " from ops.quarantine where delivery_id = ?"
            " group by column_name, rule_id, found_nb order by n_rows desc, rule_id, found_nb",
            by_id,
        ),
        "dropped_rows": list(dropped_rows(con, delivery_id)),
        "decisions": _rows(
            con,
            "select decided_at, decided_by, action, codes, reason, expires_on, proposed_by"
            " from ops.decisions"
            " where delivery_id = ? order by decided_at",
            by_id,
        ),
    }
    if not row["rows_loaded"] or not row["feed_id"]:
        return shown
    effect = _effect(ctx, con, row)
    return shown | {
        "in_force": effect.in_force,
        "replaced": effect.replaced,
        "replaced_by": effect.replaced_by,
        "sums": totals_of(effect),
    }


def changes_of(
    ctx: RunContext, con: duckdb.DuckDBPyConnection, delivery_id: str
) -> list[Mapping[str, Any]]:
    """Return what a delivery changes: one row per period, unit and sum that differs.

    Args:
        ctx: The run's context.
        con: The working warehouse.
        delivery_id: The delivery.

    Raises:
        PukkError: there is no such delivery, or none of its rows were read.
    """
    row = _delivery(con, delivery_id)
    if not row["rows_loaded"]:
        raise PukkError(
            say("cli.delivery_shown.has_no_rows_to_compare", status_nb=STATUS_NB[row["status"]]),
            where=delivery_id,
            way_out=say("cli.delivery_shown.see_why", delivery_id=delivery_id),
        )
    effect = _effect(ctx, con, row)
    units = dict(con.execute("select unit_id, unit_name from organisation.units").fetchall())
    found = effect.changes.filter(
        (pl.col("is_hidden") & (pl.col("measure") == CHANGED))
        | (~pl.col("is_hidden") & pl.col("before").ne_missing(pl.col("after")))
    ).filter((pl.col("measure") != CHANGED) | pl.col("is_hidden") | (pl.col("after") > 0))
    return [{**each, "unit_name": units.get(each["unit_id"])} for each in found.to_dicts()]


def totals_of(effect: Effect) -> list[dict[str, Any]]:
    """Return the sums over units and periods, and how many were left out because they are hidden.

    A sum over units leaves out the hidden ones, or it would give them away; where nothing is left,
    the sum is hidden too, and what was not there before has no sum.

    Args:
        effect: What the delivery changes.
    """
    totals = (
        effect.changes.group_by("kind", "measure")
        .agg(
            *(
                pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum())
                for name in ("before", "after")
            ),
            pl.col("is_hidden").sum().alias("n_hidden"),
            pl.col("is_hidden").all().alias("is_hidden"),
        )
        .sort("kind", "measure", nulls_last=True)
    )
    return totals.to_dicts()


def _effect(ctx: RunContext, con: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> Effect:
    contract = ctx.sources.get(row["contract_id"])
    if contract is None or row["table_name"] not in contract.tables:
        raise PukkError(
            say(
                "cli.delivery_shown.contract_is_gone",
                contract_id=row["contract_id"],
                table_name=row["table_name"],
            ),
            where=row["delivery_id"],
            way_out="Legg kontrakten tilbake i data_contracts/sources.",
        )
    limit = ctx.municipality.privacy.min_persons
    return effect_of(con, ctx.paths, contract, row["feed_id"], row["delivery_id"], limit)


def _delivery(con: duckdb.DuckDBPyConnection, delivery_id: str) -> dict[str, Any]:
    rows = _rows(con, "select * from ops.deliveries where delivery_id = ?", [delivery_id])
    if not rows:
        raise PukkError(
            say("cli.delivery_shown.no_such_delivery"),
            where=delivery_id,
            way_out=say("cli.delivery_shown.numbers_are_in"),
        )
    return rows[0]


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object]
) -> list[dict[str, Any]]:
    return rows_of(con, sql, params)
