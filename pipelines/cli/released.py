"""What counts in spite of a doubt, as ``status`` and ``result`` say it: a line for each."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pipelines.desk.generations import Generation
from pipelines.publishing.released import Released, released_in
from pipelines.settings import Paths
from pipelines.warehouse.releases import today_in_norway
from pipelines.words.messages import say

_KINDS = {"delivery": say("cli.released.delivery"), "check": say("cli.released.check")}


def released_lines(paths: Paths, generation: Generation) -> list[str]:
    """Return a line for everything the edition rests on that somebody had to let through.

    Args:
        paths: The municipality's folders.
        generation: What readers see.
    """
    return [line_of(each) for each in released_in(paths, generation)]


def as_rows(found: Iterable[Released]) -> list[dict[str, Any]]:
    """Return the same as rows for JSON."""
    return [asdict(each) for each in found]


def line_of(each: Released) -> str:
    """Return the line for one."""
    day = each.expires_on
    until = say("cli.released.until", day=day) if day else ""
    if day is not None and day < today_in_norway():
        until = say("cli.released.expired", day=day)
    return say(
        "cli.released.line",
        kind=_KINDS[each.kind], name=each.name, by=each.by, until=until, reason=each.reason,
    )  # fmt: skip
