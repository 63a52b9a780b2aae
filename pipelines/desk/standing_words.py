"""What is said when readers are given another generation than the newest.

The reasons are found in ``generations``; terminal, pages and paper say them in the same words.
"""

from pipelines.desk.generations import Standing
from pipelines.words.said import Words


def words_about(standing: Standing) -> Words | None:
    """Return what to say about what is shown; ``None`` when it is what the pointer names."""
    if not standing.reason:
        return None
    return Words(
        f"standing.{standing.reason}",
        {"shown": standing.generation.number, "wanted": standing.wanted},
    )
