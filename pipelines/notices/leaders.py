"""Leaders told of new signals in their own units, by subscription.

What each may see is what the pages would show them: a program of the dashboard reads the edition
with the subscriber's own line of the access table. Without a line, nothing is sent.
"""

import json
from datetime import datetime
from pathlib import Path

from pipelines.desk.children import answer_of
from pipelines.desk.events import log_event
from pipelines.desk.programs import SIGNALS
from pipelines.notices.outbox import Message, note_told, put, told_last
from pipelines.settings import Channels, Paths

_TIMEOUT_S = 60.0
_EDITION = "leaders"


def tell_leaders(
    paths: Paths, channels: Channels, access: Path | None, edition: str, now: datetime
) -> int:
    """Put a message in the outbox for every subscriber with something new; returns how many.

    The first edition is what later ones are held against, and tells nobody anything.

    Args:
        paths: The municipality's folders.
        channels: Where the subscriptions are, and how messages leave.
        access: The table of who may see what; without one nobody is told anything.
        edition: The file of the edition readers see.
        now: The present.
    """
    before = told_last(paths.state, _EDITION)
    if before == edition or channels.subscribers is None or access is None or not channels.smtp:
        return 0
    found = []
    if before is not None and (paths.published / before).exists():
        found = _signals(paths, channels, access, before, edition)
    for told in found:
        put(paths.state, told, now)
    if found:
        log_event(paths.state, "notify", f"leaders:{edition}", n_rows=len(found))
    note_told(paths.state, _EDITION, edition)
    return len(found)


def _signals(
    paths: Paths, channels: Channels, access: Path, before: str, edition: str
) -> list[Message]:
    request = {
        "before": str(paths.published / before),
        "edition": str(paths.published / edition),
        "access": str(access.resolve()),
        "subscribers": str(channels.subscribers.resolve()) if channels.subscribers else "",
        "site": channels.site,
    }
    out, code = answer_of(SIGNALS, json.dumps(request).encode(), _TIMEOUT_S)
    if code or not out:
        raise OSError(SIGNALS.module)
    return [
        Message(f"leaders:{edition}", "smtp", each["address"], each["subject"], each["body"])
        for each in json.loads(out)
    ]
