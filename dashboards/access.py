"""Who may see what: roles, scopes, and the table that gives them. Default is nothing.

The table is a CSV file (``PUKK_ACCESS``) that the municipality owns. It is read anew at every
rerun, so a removed line takes effect at the reader's next click. No Streamlit and no SQL here: the
scope is enforced where rows are read (``dashboards.marts``).
"""

import csv
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from dashboards.identity import ADDRESS, key_of_line, keys_of_claims
from dashboards.provider import Provider
from pipelines.desk.private_files import others_may_write

_LOG = logging.getLogger(__name__)

SESSION_HOURS = 10
"""A login older than this is asked for again: the session cookie itself lives for 30 days."""


class Role(StrEnum):
    """What someone is in the municipality; the codes are those of the access table."""

    UNIT_LEADER = "enhetsleder"
    SECTOR_DIRECTOR = "kommunalsjef"
    CHIEF_EXECUTIVE = "kommunedirektor"
    ANALYST = "analytiker"
    AUDITOR = "revisor"
    LOCAL = "lokal"


WHOLE_MUNICIPALITY = frozenset({Role.CHIEF_EXECUTIVE, Role.ANALYST, Role.AUDITOR, Role.LOCAL})
DELIVERING = frozenset({Role.ANALYST, Role.LOCAL})
"""Those who see to the deliveries, and may try a file."""
LEADERS = frozenset({Role.UNIT_LEADER, Role.SECTOR_DIRECTOR})
EVERYONE = WHOLE_MUNICIPALITY | LEADERS


@dataclass(frozen=True, order=True)
class Scope:
    """The units whose rows may be read; empty means none.

    Attributes:
        is_everything: All units of the municipality.
        units: Unit ids; the units below them are included.
        sectors: Names of sectors, with all their units.
    """

    is_everything: bool = False
    units: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()


EVERYTHING = Scope(is_everything=True)


@dataclass(frozen=True)
class Viewer:
    """Someone who may see something.

    Attributes:
        subject: E-mail or subject as it stands in the access table; empty in local mode.
        role: Decides which pages there are.
        scope: Decides which rows there are.
        issuer: The provider the line is for; empty for the login's own.
    """

    subject: str
    role: Role
    scope: Scope
    issuer: str = ""

    @property
    def is_local(self) -> bool:
        """Whether the page is read on its own machine, without login."""
        return self.role is Role.LOCAL


LOCAL_VIEWER = Viewer("", Role.LOCAL, EVERYTHING)


def viewer_for(
    claims: Mapping[str, object],
    table: Path | None,
    now: datetime,
    provider: Provider | None = None,
) -> Viewer | None:
    """Return who a signed-in reader is; ``None`` when they may see nothing.

    Args:
        claims: The identity token's claims, already verified.
        table: The access table; missing or unreadable means that nobody has access.
        now: The present, with a time zone; decides validity and the age of the login.
        provider: The login's provider: a token of another's, or for another, gives nothing.
    """
    if provider is not None and not provider.issued(claims):
        return None
    if not is_fresh(claims, now) or table is None or not table.is_file():
        return None
    keys, issuer = keys_of_claims(claims), claims.get("iss")
    valid = [v for line in _lines(table) if (v := _viewer(line, now.date()))]
    found = [v for v in valid if key_of_line(v.subject) in keys and v.issuer in ("", issuer)]
    if len(found) > 1:
        _LOG.warning("The access table has more than one valid line for the same reader: no access")
    return found[0] if len(found) == 1 else None


def viewer_of_line(subject: str, table: Path, today: date) -> Viewer | None:
    """Return who a recipient is by the access table alone; ``None`` when they may see nothing.

    Args:
        subject: As a line of the table names somebody.
        table: The access table; missing or unreadable means that nobody has access.
        today: Decides validity.
    """
    key = key_of_line(subject)
    if key is None or not table.is_file():
        return None
    valid = [viewer for line in _lines(table) if (viewer := _viewer(line, today))]
    found = [viewer for viewer in valid if key_of_line(viewer.subject) == key]
    return found[0] if len(found) == 1 else None


def still_has(viewer: Viewer, table: Path | None, now: datetime) -> bool:
    """Return whether a reader's line stands as it stood when their page was drawn.

    A file is made at the click, without the page being drawn anew; this is asked just before.
    """
    if viewer.is_local:
        return True
    if table is None or not table.is_file():
        return False
    found = [_viewer(line, now.date()) for line in _lines(table)]
    mine = (viewer.subject, viewer.issuer)
    return [v for v in found if v and (v.subject, v.issuer) == mine] == [viewer]


def viewer_named(subject: str, table: Path, now: datetime) -> Viewer | None:
    """Return who a subject of the access table is today; ``None`` without exactly one valid line.

    For what is sent to somebody who is not logged in: their line alone decides what they may see.

    Args:
        subject: As in the table.
        table: The access table.
        now: The present, with a time zone; decides validity.
    """
    key = key_of_line(subject)
    found = [v for line in _lines(table) if (v := _viewer(line, now.date()))]
    mine = [v for v in found if key is not None and key_of_line(v.subject) == key]
    return mine[0] if len(mine) == 1 else None


def is_fresh(claims: Mapping[str, object], now: datetime) -> bool:
    """Return whether the login is recent enough to be trusted."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    try:
        age = now - datetime.fromtimestamp(issued, UTC)
    except (OverflowError, ValueError, OSError):
        return False
    return timedelta(minutes=-5) <= age <= timedelta(hours=SESSION_HOURS)


def _lines(table: Path) -> list[dict[str, str]]:
    try:
        if others_may_write(table):
            _LOG.error("Any account may write to the access table: nobody has access. chmod o-w it")
            return []
        text = table.read_text(encoding="utf-8-sig")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        rows = list(csv.DictReader(text.splitlines(), delimiter=separator, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        _LOG.exception("The access table cannot be read: nobody has access")
        return []
    return [{str(k): (v or "").strip() for k, v in row.items() if k} for row in rows]


def _viewer(line: Mapping[str, str], today: date) -> Viewer | None:
    # a line that cannot be understood gives nothing, and says so in the log without the name
    try:
        role = Role(line.get("role", ""))
        first = date.fromisoformat(line["valid_from"]) if line.get("valid_from") else date.min
        last = date.fromisoformat(line["valid_to"]) if line.get("valid_to") else date.max
    except ValueError:
        _LOG.warning("A line of the access table has an unknown role or date: it gives no access")
        return None
    subject = line.get("subject", "")
    if role is Role.LOCAL or not subject or not first <= today <= last:
        return None
    key, issuer = key_of_line(subject), line.get("issuer", "")
    if key is None:
        _LOG.warning(
            "A line of the access table names nobody that can be known: it gives no access"
        )
        return None
    if key.kind == ADDRESS:
        subject = key.value
    if role in WHOLE_MUNICIPALITY:
        return Viewer(subject, role, EVERYTHING, issuer)
    scope = Scope(units=_list(line, "units"), sectors=_list(line, "sectors"))
    return Viewer(subject, role, scope, issuer)


def _list(line: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(sorted(part.strip() for part in line.get(column, "").split("|") if part.strip()))
