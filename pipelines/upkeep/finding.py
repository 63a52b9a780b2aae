"""What was found when a home was looked over: one line each, with what to do.

Whether it is well is decided by who looked; this is only what is said of it.
"""

from dataclasses import dataclass
from typing import Literal

from pipelines.errors import PukkError

Level = Literal["ok", "attention", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ``fault`` when somebody must act before the next night or readers are worse off;
            ``attention`` when somebody should know.
        said: What was found, in bokmål.
        way_out: What to do; empty when all is well.
    """

    level: Level
    said: str
    way_out: str = ""


def well(said: str) -> Finding:
    """Return that something is as it should be."""
    return Finding("ok", said)


def attention(said: str, way_out: str) -> Finding:
    """Return what somebody should know, and what to do."""
    return Finding("attention", said, way_out)


def fault(said: str, way_out: str) -> Finding:
    """Return what somebody must mend, and how."""
    return Finding("fault", said, way_out)


def fault_of(error: PukkError) -> Finding:
    """Return an error of ours as a finding.

    Args:
        error: What stopped the look.
    """
    said = f"{error.where}: {error.message}" if error.where else error.message
    return Finding("fault", said, error.way_out or "")
