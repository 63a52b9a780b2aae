"""How what is known of a delivery is printed: counts, sums, what it replaced, notes.

Nothing is read here; what is known is found in ``delivery_shown``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, cast

from pipelines.cli.delivery_shown import STATUS_NB
from pipelines.cli.output import console, moment, number, table
from pipelines.ingest.compare import CHANGED
from pipelines.ingest.many_sheets import place_of
from pipelines.warehouse.left_out import DroppedRow
from pipelines.warehouse.quarantined import SetAside, quarantined_nb
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_ACTION_NB = {
    "accept": "Godtatt",
    "propose": say("cli.delivery_printed.proposed"),
    "withdraw": "Trukket tilbake",
    "lapse": "Holdt tilbake igjen",
}
_SHOWN = 40
_PERIODS = 12


def print_delivery(shown: Mapping[str, Any]) -> None:
    """Print what ``shown_delivery`` found."""
    source = f"{shown['contract_id']}.{shown['table_name']}" if shown["contract_id"] else "ukjent"
    at = moment(shown["received_at"].replace(tzinfo=UTC).isoformat())
    console.print(f"{shown['delivery_id']}  {shown['file_name']}")
    console.print(f"  Status:     {STATUS_NB[shown['status']]}")
    feed = shown["feed_id"] or say("cli.delivery_printed.no_source")
    console.print(f"  Kilde:      {source} ({feed}), lest {at}")
    for label, name in (
        ("Rader inn", "rows_in"),
        ("Lest", "rows_loaded"),
        ("Duplikat", "rows_duplicate"),
        ("Utelatt", "layout_rows"),
    ):
        console.print(f"  {label + ':':<11} {number(shown[name], 0)}")
    set_aside = cast("SetAside", shown)
    console.print(f"  {'Karantene:':<11} {quarantined_nb(set_aside)}")
    console.print(f"  Perioder:   {shown['periods'] or 'ingen'}")
    if shown["reason_nb"]:
        console.print(f"  Grunn:      {shown['reason_nb']}")
    for loss in shown["losses"]:
        console.print(f"  Tapt:       {loss}")
    _print_replaced(shown)
    for each in shown["decisions"]:
        told = moment(each["decided_at"].replace(tzinfo=UTC).isoformat())
        console.print(
            say(
                "cli.delivery_printed.decided_so",
                action_nb=_ACTION_NB[each["action"]],
                told=told,
                decided_by=" og ".join(filter(None, (each["proposed_by"], each["decided_by"]))),
                reason=each["reason"],
                until=f" ({say('cli.delivery_printed.until', day=each['expires_on'])})"
                if each["expires_on"]
                else "",
            )
        )
    _print_sums(shown.get("sums", ()))
    _print_details(shown)


def _print_replaced(shown: Mapping[str, Any]) -> None:
    for label, name in (
        (say("cli.delivery_printed.counted_before"), "replaced"),
        (say("cli.delivery_printed.counts_now"), "replaced_by"),
    ):
        for owner, periods in _by_owner(shown.get(name, {})).items():
            console.print(f"  {label} {owner} for {_some(periods)}")
    still = shown.get("in_force", ())
    if still and shown["replaced_by"]:
        whole = [period for period in still if period not in shown["replaced_by"]]
        partly = [period for period in still if period in shown["replaced_by"]]
        parts = ((whole, ""), (partly, " (de andre radene)"))
        told = [f"{_some(periods)}{which}" for periods, which in parts if periods]
        console.print(say("cli.delivery_printed.still_counts_for", told=" og ".join(told)))


def print_changes(delivery_id: str, changes: Sequence[Mapping[str, Any]]) -> None:
    """Print what ``changes_of`` found."""
    if not changes:
        console.print(say("cli.delivery_printed.changes_nothing", delivery_id=delivery_id))
        return
    shown = table(
        f"Hva {delivery_id} endrer",
        [
            *("Periode", "Enhet", "Navn", "Gjelder", "Hva"),
            *((name, "right") for name in (say("cli.delivery_printed.before"), "Etter", "Endring")),
        ],
    )
    for row in changes:
        shown.add_row(
            row["period_ym"],
            row["unit_id"] or "",
            row["unit_name"] or "",
            row["kind"] or "",
            say("cli.delivery_printed.hidden_few_persons") if row["is_hidden"] else row["measure"],
            *_figures(row),
        )
    console.print(shown)


def _print_sums(sums: Sequence[Mapping[str, Any]]) -> None:
    if not sums:
        return
    shown = table(
        say("cli.delivery_printed.sums_of_periods"),
        [
            "Gjelder",
            "Hva",
            *((name, "right") for name in (say("cli.delivery_printed.before"), "Etter", "Endring")),
        ],
    )
    for row in sums:
        shown.add_row(row["kind"] or "", row["measure"], *_figures(row))
    console.print(shown)
    n_hidden = max(row["n_hidden"] for row in sums)
    if n_hidden:
        console.print(
            say(
                "cli.delivery_printed.sums_without_hidden",
                n_hidden=counted_nb(n_hidden, "gang", "ganger"),
            )
        )


def _print_details(shown: Mapping[str, Any]) -> None:
    for row in shown["quarantine"]:
        found = f" Fant: {row['found_nb']}." if row["found_nb"] else ""
        counted = counted_nb(row["n_rows"], "rad", "rader")
        console.print(
            say(
                "cli.delivery_printed.quarantine_of",
                counted=counted,
                first_row=place_of(row["first_row"]),
                reason_nb=row["reason_nb"],
                found=found,
            )
        )
    print_dropped(shown["dropped_rows"])
    for row in shown["warnings"]:
        console.print(f"Merknad: {row['message_nb']}")


def print_dropped(dropped: Sequence[DroppedRow]) -> None:
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
        console.print(
            say("cli.delivery_printed.dropped_without_figures", n_silent=len(silent) - _SHOWN)
        )


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


def _by_owner(owners: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for period, owner in sorted(owners.items()):
        found.setdefault(owner, []).append(period)
    return found


def _some(periods: Sequence[str]) -> str:
    left = len(periods) - _PERIODS
    shown = ", ".join(periods[:_PERIODS])
    return say("cli.delivery_printed.rows_and_more", shown=shown, left=left) if left > 0 else shown
