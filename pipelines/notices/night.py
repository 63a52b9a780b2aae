"""The message of a night made, put in the outbox and sent; and the watch that misses a night.

Nothing here needs the scheduler: ``pukk notify`` and ``pukk watch`` are started by the machine's
own timer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from pipelines.desk.events import log_event
from pipelines.desk.nights import is_late, nights_since
from pipelines.notices.channels import messages_to, send
from pipelines.notices.facts import Facts
from pipelines.notices.night_message import late_message, night_message
from pipelines.notices.outbox import deliver, note_told, put, told_last, waiting
from pipelines.settings import Channels, Paths

LOCAL = ZoneInfo("Europe/Oslo")
_NIGHT = "night"


@dataclass(frozen=True)
class Sent:
    """What became of it.

    Attributes:
        is_new: Whether a message was made now.
        n_sent: Messages delivered now, earlier ones that waited too.
        n_waiting: Messages that could not be delivered, and are kept.
    """

    is_new: bool
    n_sent: int
    n_waiting: int


def told_until(paths: Paths) -> datetime | None:
    """Return the moment the last message told of; ``None`` when there was none."""
    told = told_last(paths.state, _NIGHT)
    return datetime.fromisoformat(told) if told else None


def is_told(paths: Paths, now: datetime) -> bool:
    """Tell whether this local day has had its message."""
    last = told_until(paths)
    return last is not None and last.astimezone(LOCAL).date() >= now.astimezone(LOCAL).date()


def tell_night(paths: Paths, channels: Channels, facts: Facts, now: datetime) -> Sent:
    """Make the message of this local day, once, and deliver what waits.

    Args:
        paths: The municipality's folders.
        channels: Where it goes.
        facts: What has happened since the last.
        now: The present, with a time zone.
    """
    is_new = not is_told(paths, now)
    if is_new:
        today = now.astimezone(LOCAL).date()
        subject, body = night_message(facts, today, len(waiting(paths.state)))
        _put(paths, channels, f"{_NIGHT}:{today}", (subject, body), now)
        note_told(paths.state, _NIGHT, now.astimezone(UTC).isoformat())
    return _deliver(paths, channels, now, is_new=is_new)


def watch(
    paths: Paths, channels: Channels, facts: Facts, now: datetime, hours: int
) -> tuple[bool, Sent]:
    """Return whether no run has ended well for too long, having said so once this local day.

    Args:
        paths: The municipality's folders.
        channels: Where it goes.
        facts: What is known.
        now: The present, with a time zone.
        hours: How long is too long.
    """
    is_missed = not nights_since(paths.state, None) or is_late(paths.state, now, hours)
    is_new = False
    if is_missed:
        today = now.astimezone(LOCAL).date()
        is_new = _put(paths, channels, f"late:{today}", late_message(facts, hours), now)
    return is_missed, _deliver(paths, channels, now, is_new=is_new)


def _put(paths: Paths, channels: Channels, key: str, said: tuple[str, str], now: datetime) -> bool:
    made = [put(paths.state, each, now) for each in messages_to(channels, key, *said)]
    if any(made):
        log_event(paths.state, "notify", key, n_rows=sum(made))
    return any(made)


def _deliver(paths: Paths, channels: Channels, now: datetime, *, is_new: bool) -> Sent:
    n_sent, n_waiting = deliver(paths.state, partial(send, channels), now)
    return Sent(is_new, n_sent, n_waiting)
