"""Files tried from a page: handed to a process that cannot write, and forgotten.

They come in memory and go by a pipe; nothing of them is kept here or there. What would become of
them is found out in ``ingest.trial``, the same as for the command line.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.access_log import Entry, append
from pipelines.desk.children import answer_of
from pipelines.desk.logged import Reader
from pipelines.desk.on_disk import print_of
from pipelines.desk.programs import TRYING
from pipelines.desk.shaped import shaped
from pipelines.desk.trial_told import TrialTold

MAX_MB = 20
"""All the files together; Streamlit is told the same of each (``.streamlit/config.toml``)."""
MAX_FILES = 10
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Tried:
    """What came back.

    Attributes:
        code: ``ok``, ``too_large``, ``too_many``, ``stopped``, or ``refused``.
        trials: What would become of each file, empty when not ok.
        said: Why the set-up could not be used, when refused.
    """

    code: str
    trials: Sequence[TrialTold] = ()
    said: str = ""


def try_logged(  # noqa: PLR0913 - who, where, and what
    state: Path,
    reader: Reader,
    municipality: Path,
    inbox: Path,
    files: Sequence[tuple[str, bytes]],
    feed_id: str | None = None,
) -> Tried:
    """Try files and log that it was done: how many, their fingerprints, never what is in them.

    Args:
        state: The municipality's state folder.
        reader: Who tries.
        municipality: Its folder, which says how files are read.
        inbox: Where the list of units lies.
        files: Names and contents.
        feed_id: Read every file by this feed.

    Raises:
        sqlite3.Error: The log could not be written; nothing is told.
    """
    if len(files) > MAX_FILES:
        tried = Tried("too_many")
    elif sum(len(raw) for _, raw in files) > MAX_MB * 1024 * 1024:
        tried = Tried("too_large")
    else:
        tried = _tried(municipality, inbox, files, feed_id)
    prints = " ".join(f"sha256:{print_of(raw)}" for _, raw in files[:MAX_FILES])
    append(
        state,
        Entry(reader.actor, reader.role, "try", "try", outcome=tried.code, detail=prints),
    )
    return tried


def _tried(
    municipality: Path, inbox: Path, files: Sequence[tuple[str, bytes]], feed_id: str | None
) -> Tried:
    request = {
        "municipality": str(municipality.resolve()),
        "inbox": str(inbox.resolve()),
        "feed": feed_id,
        "files": [[name, len(raw)] for name, raw in files],
        "timeout_s": TIMEOUT_S,
    }
    body = b"".join([json.dumps(request).encode(), b"\n", *(raw for _, raw in files)])
    out, _ = answer_of(TRYING, body, TIMEOUT_S + 1.0)
    if not out:
        return Tried("stopped")
    answer = json.loads(out)
    if "trials" not in answer:
        return Tried("refused", said=answer["said"])
    return Tried("ok", tuple(shaped(TrialTold, each) for each in answer["trials"]))
