"""A home looked over, point by point: each is asked on its own, and none stops the others.

What is asked at each point is in the modules beside; this is their order, and what is made of a
look that could not be finished.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from pipelines.defs.context import RunContext
from pipelines.errors import PukkError
from pipelines.municipality.untouched import refuse_no_metrics, refuse_template
from pipelines.upkeep import files_looked_at, machine_looked_at, nights_looked_at
from pipelines.upkeep.finding import Finding, Level, fault, fault_of, well
from pipelines.words.messages import say

Check = Callable[[RunContext], Iterator[Finding]]


@dataclass(frozen=True)
class Point:
    """One point of the look.

    Attributes:
        check: What it is called by scripts.
        name_nb: What it is called by people.
        findings: What was found, the first as it was looked at.
    """

    check: str
    name_nb: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The gravest of its findings."""
        levels = {each.level for each in self.findings}
        return next((level for level in _GRAVEST_FIRST if level in levels), "ok")


_GRAVEST_FIRST: tuple[Level, ...] = ("fault", "attention")


def setup(ctx: RunContext) -> Iterator[Finding]:
    """Look at whether configuration and contracts can be read."""
    refuse_template(ctx.identity.folder)
    refuse_no_metrics(ctx.municipality)
    n_contracts = len(ctx.sources) + len(ctx.products)
    yield well(say("upkeep.setup.in_order", name=ctx.identity.name, n_contracts=n_contracts))


_POINTS: tuple[tuple[str, str, Check], ...] = (
    ("setup", say("upkeep.point.setup"), setup),
    ("disk", say("upkeep.point.disk"), machine_looked_at.disk),
    ("versions", say("upkeep.point.versions"), machine_looked_at.versions),
    ("clock", say("upkeep.point.clock"), machine_looked_at.clock),
    ("rights", say("upkeep.point.rights"), files_looked_at.rights),
    ("exposure", say("upkeep.point.exposure"), machine_looked_at.exposure),
    ("edition", say("upkeep.point.edition"), files_looked_at.edition),
    ("journal", say("upkeep.point.journal"), files_looked_at.store),
    ("warehouse", say("upkeep.point.warehouse"), files_looked_at.warehouse),
    ("leftovers", say("upkeep.point.leftovers"), files_looked_at.leftovers),
    ("night", say("upkeep.point.night"), nights_looked_at.night),
    ("queue", say("upkeep.point.queue"), nights_looked_at.queue),
    ("backup", say("upkeep.point.backup"), nights_looked_at.backup),
    ("log", say("upkeep.point.log"), nights_looked_at.access_log),
)


def looked_over(ctx: RunContext) -> list[Point]:
    """Look a home over; nothing is changed.

    Args:
        ctx: The municipality, its configuration not yet read.

    Returns:
        Every point in a fixed order.
    """
    return [Point(check, name, tuple(_asked(look, ctx))) for check, name, look in _POINTS]


def _asked(look: Check, ctx: RunContext) -> Iterator[Finding]:
    try:
        yield from look(ctx)
    except PukkError as error:
        yield fault_of(error)
    except (OSError, duckdb.Error, sqlite3.Error) as error:
        where = getattr(error, "filename", None) or ctx.paths.root
        why = getattr(error, "strerror", None) or type(error).__name__
        yield fault(
            say("upkeep.point.could_not_look", where=where, why=why),
            say("upkeep.point.give_back_rights"),
        )
