"""The access log held against every head that other files noted, but those somebody explained.

How a chain is judged is in ``pipelines.desk.log_chain``; which files note heads, in ``log_marks``.
"""

from dataclasses import dataclass

from pipelines.desk.access_log import verify
from pipelines.desk.log_breaks import Accepted, accepted_breaks
from pipelines.desk.log_chain import Reason, Verification
from pipelines.publishing.log_marks import LogMarks, log_marks
from pipelines.settings import Paths
from pipelines.words.messages import say

REASONS: dict[Reason, str] = {
    "changed": say("cli.log.entry_changed"),
    "missing": say("cli.log.entry_removed_or_put_in"),
    "cut": say("cli.log.entries_cut_from_the_end"),
    "recomputed": say("cli.log.entries_changed_and_recomputed"),
    "gone": say("cli.log.log_deleted"),
    "shortened_early": say("cli.log.deleted_before_time"),
}
"""Why a log does not hold, in words."""


@dataclass(frozen=True)
class HeldLog:
    """What a check of the log found.

    Attributes:
        found: Whether the chain holds.
        known: What somebody has accepted as lost.
        marks: The heads it was held against, those accepted as lost too.
    """

    found: Verification
    known: Accepted
    marks: LogMarks


def held_log(paths: Paths, head: str = "") -> HeldLog:
    """Hold the log against its own chain and every noted head.

    Args:
        paths: The municipality's folders.
        head: One more head, noted elsewhere.

    Raises:
        sqlite3.DatabaseError: The log cannot be read.
    """
    marks = log_marks(paths)
    known = accepted_breaks(paths.state)
    counting = [mark for mark in marks.found if mark.head not in known.heads]
    return HeldLog(verify(paths.state, head, counting), known, marks)
