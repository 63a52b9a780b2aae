"""The message of a night and the watch: ``notify`` and ``watch``; what is said, in ``notices``."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines.cli.ledger import ledger
from pipelines.cli.output import console, print_json
from pipelines.defs.context import RunContext, load_context
from pipelines.desk.generations import standing
from pipelines.desk.nights import LATE_AFTER_HOURS
from pipelines.errors import ConfigError, PukkError
from pipelines.notices.facts import Facts, facts
from pipelines.notices.leaders import tell_leaders
from pipelines.notices.night import LOCAL, is_told, tell_night, told_until, watch
from pipelines.notices.night_message import night_message
from pipelines.settings import Channels, notify_channels
from pipelines.words.messages import say


def notify(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.notify.dry_run"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.notify.as_json"))] = False,
) -> None:
    """Send nattens melding: hva som er nytt, hva som feilet og hva som må gjøres. Én per døgn."""
    ctx, channels, now = load_context(), notify_channels(), datetime.now(UTC)
    found = _facts(ctx, now)
    if dry_run:
        subject, body = night_message(found, now.astimezone(LOCAL).date())
        if as_json:
            print_json({"subject": subject, "body": body, "is_told": is_told(ctx.paths, now)})
        else:
            console.print(f"{subject}\n\n{body}", markup=False, soft_wrap=True)
        return
    _refuse_no_channel(channels)
    ctx.paths.create()
    shown = standing(ctx.paths.published)
    n_leaders = 0
    if shown is not None and not shown.reason:
        access, edition = ctx.settings.access, shown.generation.file_name
        n_leaders = tell_leaders(ctx.paths, channels, access, edition, now)
    sent = tell_night(ctx.paths, channels, found, now)
    if as_json:
        print_json({**vars(sent), "n_leaders": n_leaders})
        return
    console.print(
        say("cli.notify.made") if sent.is_new else say("cli.notify.told_already"), soft_wrap=True
    )
    _say_sent(sent.n_sent, sent.n_waiting)


def watch_nights(
    hours: Annotated[
        int, typer.Option(help=say("cli.notify.hours"), min=1, max=1000)
    ] = LATE_AFTER_HOURS,
) -> None:
    """Si fra når ingen kjøring har gått på for lenge, og send det som venter. Fra en egen timer."""
    ctx, channels, now = load_context(), notify_channels(), datetime.now(UTC)
    ctx.paths.create()
    is_missed, sent = watch(ctx.paths, channels, _facts(ctx, now), now, hours)
    _say_sent(sent.n_sent, sent.n_waiting)
    if is_missed:
        raise PukkError(
            say("cli.notify.no_success", hours=hours), way_out=say("cli.notify.look_and_run")
        )
    console.print(say("cli.notify.all_is_well"))


def _facts(ctx: RunContext, now: datetime) -> Facts:
    today = now.astimezone(LOCAL).date()
    since = told_until(ctx.paths)
    return facts(ctx.municipality, ctx.paths, lambda: ledger(ctx), since, today)


def _refuse_no_channel(channels: Channels) -> None:
    if not channels.is_any:
        raise ConfigError(say("cli.notify.no_channel"), way_out=say("cli.notify.set_one_of_them"))


def _say_sent(n_sent: int, n_waiting: int) -> None:
    if n_sent or n_waiting:
        console.print(say("cli.notify.sent_and_waiting", n_sent=n_sent, n_waiting=n_waiting))
