"""``pukk explain``: one figure back to the files. What is behind it is found in ``publishing``."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Annotated, Any

import typer

from pipelines.cli.ledger import ledger
from pipelines.cli.output import console, moment, number, print_json, table
from pipelines.cli.published import current_generation
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.logged import log_seen
from pipelines.words.catalogue import DEFAULT_LANGUAGE, find
from pipelines.words.messages import say
from pipelines.words.numbers import month, months, quantity


def explain(
    unit: Annotated[str, typer.Argument(help=say("cli.explain.unit"))],
    metric: Annotated[str, typer.Argument(help=say("cli.explain.metric"))],
    when: Annotated[str, typer.Argument(help=say("cli.explain.when"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.explain.as_json"))] = False,
) -> None:
    """Vis hvor et tall kommer fra: leveranser, rader, regler, versjoner og hva det var før."""
    from pipelines.publishing.asked_figure import asked
    from pipelines.publishing.explained import explained

    ctx = read_context()
    what = asked(unit, metric, when)
    generation = current_generation(ctx)
    has_warehouse = ctx.paths.warehouse.exists()
    with ledger(ctx) if has_warehouse else nullcontext(None) as con:
        known = explained(ctx.paths, generation, what, ctx.sources, con)
    found = {**known, "code": ctx.code_fingerprint}
    log_seen(ctx.paths.state, reader(), ctx.paths.published / generation.file_name, "explain", unit)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Mapping[str, Any]) -> None:
    metric, figure = found["metric"], found["figure"]
    console.print(f"{metric['unit_name']} ({found['unit_id']}), {metric['label_nb']}")
    first, last = found["first_month"], found["last_month"]
    during = months(first, last, DEFAULT_LANGUAGE)
    console.print(
        say(
            "cli.explain.time_and_edition",
            time=month(first, DEFAULT_LANGUAGE) if first == last else f"{found['when']}: {during}",
            number=found["generation"],
            published_at=moment(found["published_at"]),
        )
    )
    _print_figure(figure, metric, is_hidden=found["is_hidden"])
    minus = f" − {metric['numerator_minus']}" if metric["numerator_minus"] else ""
    console.print(
        say(
            "cli.explain.how_it_is_made",
            numerator=f"{metric['numerator_plus']}{minus}",
            denominator=metric["denominator"] or say("cli.explain.no_denominator"),
            scale=number(metric["scale"], 0),
        ),
        soft_wrap=True,
    )
    _print_deliveries(found)
    _print_rules(found)
    console.print(
        say("cli.explain.versions", code=found["code"][:12], made_from=found["made_from"]),
        soft_wrap=True,
    )
    for change in found["earlier"]:
        console.print(
            say(
                "cli.explain.changed_in",
                generation=change["generation"],
                before=number(change["value_before"], 2) or ":",
                value=number(change["value"], 2) or ":",
                deliveries=", ".join(change["new_deliveries"])
                or say("cli.explain.no_new_delivery"),
            ),
            soft_wrap=True,
        )


def _print_figure(figure: Mapping[str, Any], metric: Mapping[str, Any], *, is_hidden: bool) -> None:
    if is_hidden:
        reason = _why(figure.get("suppression_reason") or "suppressed")
        console.print(say("cli.explain.is_hidden", reason=reason), soft_wrap=True)
        return
    if figure["value"] is None:
        reason = _why(figure.get("missing_reason") or "no_data")
        console.print(say("cli.explain.is_missing", reason=reason), soft_wrap=True)
        return
    console.print(
        say(
            "cli.explain.value_of_parts",
            value=quantity(figure["value"], 2, metric["unit"], DEFAULT_LANGUAGE),
            numerator=number(figure["numerator"], 2),
            denominator=number(figure["denominator"], 2),
        )
    )


def _why(code: str) -> str:
    """Return in words why a figure is not there; a code without words stands as it is."""
    said = (
        find(f"label.absent_figure.{code}", DEFAULT_LANGUAGE)
        or find(f"reason.{code}", DEFAULT_LANGUAGE)
        or code
    )
    return said if said.endswith(".") else f"{said}."


def _print_deliveries(found: Mapping[str, Any]) -> None:
    if not found["deliveries"]:
        console.print(say("cli.explain.no_deliveries_told"))
        return
    shown = table(
        say("cli.explain.deliveries_behind"),
        [
            *("Leveranse", "Fil", "Kilde", "Kontrakt", "Lest som", "SHA-256"),
            ("Rader", "right"),
            ("Personer", "right"),
        ],
    )
    for row in found["deliveries"]:
        persons = row["n_persons"]
        shown.add_row(
            row["delivery_id"],
            row["file_name"],
            row["source_table"],
            row["contract_version"],
            row["fingerprint"][:8],
            (row["file_sha256"] or "")[:8],
            ":" if row["n_rows"] is None else number(row["n_rows"], 0),
            "" if persons is None else str(persons),
        )
    console.print(shown)


def _print_rules(found: Mapping[str, Any]) -> None:
    broken = [rule for rule in found["rules"] if not rule["success"]]
    console.print(
        say(
            "cli.explain.rules_kept",
            n_kept=len(found["rules"]) - len(broken),
            n_rules=len(found["rules"]),
        )
    )
    for rule in broken:
        console.print(f"  {rule['promised_nb']} {rule['measured_nb']}", soft_wrap=True)
