"""What somebody most likely meant by a name that does not exist."""

import difflib
from collections.abc import Iterable

from pipelines.words.messages import say

_NEAR = 0.6


def guess(wrong: object, allowed: Iterable[object]) -> str:
    """Return «Mente du …?» when something allowed is close, else an empty text."""
    near = difflib.get_close_matches(str(wrong), [str(item) for item in allowed], 1, _NEAR)
    return say("municipality.near.did_you_mean", near=near[0]) if near else ""
