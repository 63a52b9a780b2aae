"""How one delivery is shown: its counts, its sums before and after, and what became of it.

Counts and sums only. What they are is worked out in ``pipelines.ingest.compare``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import duckdb
import polars as pl

from pipelines.cli.output import console, moment, number, table
from pipelines.defs.context import RunContext
from pipelines.errors import PukkError
from pipelines.ingest.compare import CHANGED, Effect, effect_of
from pipelines.ingest.many_sheets import place_of
from pipelines.warehouse.left_out import dropped_rows
from pipelines.warehouse.quarantined import quarantined_nb

STATUS_NB = {
    "loaded": "lastet",
    "rejected": "avvist",
    "duplicate": "levert før",
    "superseded": "erstattet",
    "held": "holdt tilbake",
    "withdrawn": "trukket tilbake",
}
"""Status of a delivery -> what it is called in bokmål."""
_ACTION_NB = {"accept": "Godtatt", "withdraw": "Trukket tilbake"}
_SHOWN = 40
_PERIODS = 12


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
    shown: dict[str, Any] = {
        **row,
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
            "select decided_at, decided_by, action, codes, reason from ops.decisions"
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
            f"Leveransen er {STATUS_NB[row['status']]} og har ingen rader å sammenligne.",
            where=delivery_id,
            way_out=f"Se hvorfor: pukk deliveries show {delivery_id}",
        )
    effect = _effect(ctx, con, row)
    units = dict(con.execute("select unit_id, unit_name from organisation.units").fetchall())
    found = effect.changes.filter(
        (pl.col("is_hidden") & (pl.col("measure") == CHANGED))
        | (~pl.col("is_hidden") & pl.col("before").ne_missing(pl.col("after")))
    ).filter((pl.col("measure") != CHANGED) | pl.col("is_hidden") | (pl.col("after") > 0))
    return [{**each, "unit_name": units.get(each["unit_id"])} for each in found.to_dicts()]


def print_delivery(shown: Mapping[str, Any]) -> None:
    """Print what ``shown_delivery`` found."""
    source = f"{shown['contract_id']}.{shown['table_name']}" if shown["contract_id"] else "ukjent"
    at = moment(shown["received_at"].replace(tzinfo=UTC).isoformat())
    console.print(f"{shown['delivery_id']}  {shown['file_name']}")
    console.print(f"  Status:     {STATUS_NB[shown['status']]}")
    console.print(f"  Kilde:      {source} ({shown['feed_id'] or 'ingen kilde'}), lest {at}")
    for label, name in (
        ("Rader inn", "rows_in"),
        ("Lest", "rows_loaded"),
        ("Duplikat", "rows_duplicate"),
        ("Utelatt", "layout_rows"),
    ):
        console.print(f"  {label + ':':<11} {number(shown[name], 0)}")
    console.print(f"  {'Karantene:':<11} {quarantined_nb(shown)}")
    console.print(f"  Perioder:   {shown['periods'] or 'ingen'}")
    if shown["reason_nb"]:
        console.print(f"  Grunn:      {shown['reason_nb']}")
    for label, name in (("Før gjaldt", "replaced"), ("Nå gjelder", "replaced_by")):
        for owner, periods in _by_owner(shown.get(name, {})).items():
            console.print(f"  {label} {owner} for {_some(periods)}")
    for each in shown["decisions"]:
        told = moment(each["decided_at"].replace(tzinfo=UTC).isoformat())
        console.print(
            f"  {_ACTION_NB[each['action']]} {told} av {each['decided_by']}: {each['reason']}"
        )
    _print_sums(shown.get("sums", ()))
    _print_details(shown)


def print_changes(delivery_id: str, changes: Sequence[Mapping[str, Any]]) -> None:
    """Print what ``changes_of`` found."""
    if not changes:
        console.print(f"{delivery_id} endrer ingenting: radene er de samme som før.")
        return
    shown = table(
        f"Hva {delivery_id} endrer",
        [
            *("Periode", "Enhet", "Navn", "Gjelder", "Hva"),
            *((name, "right") for name in ("Før", "Etter", "Endring")),
        ],
    )
    for row in changes:
        shown.add_row(
            row["period_ym"],
            row["unit_id"] or "",
            row["unit_name"] or "",
            row["kind"] or "",
            "skjult, få personer" if row["is_hidden"] else row["measure"],
            *_figures(row),
        )
    console.print(shown)


def _print_sums(sums: Sequence[Mapping[str, Any]]) -> None:
    if not sums:
        return
    shown = table(
        "Summer for periodene i leveransen",
        ["Gjelder", "Hva", *((name, "right") for name in ("Før", "Etter", "Endring"))],
    )
    for row in sums:
        shown.add_row(row["kind"] or "", row["measure"], *_figures(row))
    console.print(shown)
    n_hidden = max(row["n_hidden"] for row in sums)
    if n_hidden:
        console.print(
            f"Summene er uten det som er skjult: {number(n_hidden, 0)} ganger enhet og periode "
            "har for få personer."
        )


def _print_details(shown: Mapping[str, Any]) -> None:
    for row in shown["quarantine"]:
        found = f" Fant: {row['found_nb']}." if row["found_nb"] else ""
        console.print(
            f"Karantene: {number(row['n_rows'], 0)} rader, første er {place_of(row['first_row'])}. "
            f"{row['reason_nb']}{found}"
        )
    _print_dropped(shown["dropped_rows"])
    for row in shown["warnings"]:
        console.print(f"Merknad: {row['message_nb']}")


def _print_dropped(dropped: Sequence[Mapping[str, Any]]) -> None:
    """Print every row with a figure, and the first of those without."""
    for row in dropped:
        if row["column_name"]:
            word = f" («{row['word']}»)" if row["word"] else ""
            console.print(
                f"Utelatt: {place_of(row['source_row'])}, {row['kind_nb']}{word}, "
                f"{row['column_name']}: {number(row['amount'], 2)}"
            )
    silent = [row for row in dropped if not row["column_name"]]
    for row in silent[:_SHOWN]:
        console.print(f"Utelatt: {place_of(row['source_row'])}, {row['kind_nb']}, uten tall")
    if len(silent) > _SHOWN:
        console.print(f"… og {len(silent) - _SHOWN} uten tall til; alle står i --json.")


def _figures(row: Mapping[str, Any]) -> tuple[str, str, str]:
    if row["is_hidden"]:
        return ":", ":", ":"
    before, after = row["before"], row["after"]
    decimals = 0 if float(before or 0).is_integer() and float(after or 0).is_integer() else 2
    change = (after or 0) - (before or 0)
    return (
        number(before, decimals),
        number(after, decimals),
        number(change, decimals, signed=True) if row["measure"] != CHANGED else "",
    )


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
            f"Kontrakten {row['contract_id']}.{row['table_name']} finnes ikke lenger.",
            where=row["delivery_id"],
            way_out="Legg kontrakten tilbake i data_contracts/sources.",
        )
    limit = ctx.municipality.privacy.min_persons
    return effect_of(con, ctx.paths, contract, row["feed_id"], row["delivery_id"], limit)


def _delivery(con: duckdb.DuckDBPyConnection, delivery_id: str) -> dict[str, Any]:
    rows = _rows(con, "select * from ops.deliveries where delivery_id = ?", [delivery_id])
    if not rows:
        raise PukkError(
            "Det finnes ingen slik leveranse.",
            where=delivery_id,
            way_out="Numrene står i: pukk deliveries",
        )
    return rows[0]


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.sql(sql, params=list(params)).pl().to_dicts()
    return rows


def _by_owner(owners: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for period, owner in sorted(owners.items()):
        found.setdefault(owner, []).append(period)
    return found


def _some(periods: Sequence[str]) -> str:
    left = len(periods) - _PERIODS
    shown = ", ".join(periods[:_PERIODS])
    return f"{shown} og {left} til" if left > 0 else shown
