"""Text people write that is kept as it stands: short, and about no person.

Where it is kept is in ``saved_queries`` and ``follow_up``.
"""

from datetime import UTC, datetime

from pipelines.desk.personal_identifiers import identifiers_in


class PersonalTextError(ValueError):
    """What was written names a person by a number or an address; it is not kept."""


def one_line(text: str, name: str, longest: int, *, may_be_empty: bool = False) -> str:
    """Return a text on one line, as it is kept.

    Args:
        text: What was written.
        name: What it is, for whoever has to say what is wrong.
        longest: So many characters at most.
        may_be_empty: Whether nothing need be written.

    Raises:
        PersonalTextError: It holds a personal identifier.
        ValueError: It is empty or too long.
    """
    told = " ".join(text.split())
    if len(told) > longest or not (told or may_be_empty):
        raise ValueError(name)
    refuse_personal(told, name)
    return told


def refuse_personal(text: str, name: str) -> None:
    """Refuse a text that holds a personal identifier.

    Args:
        text: What was written.
        name: What it is.

    Raises:
        PersonalTextError: It does.
    """
    if identifiers_in(text):
        raise PersonalTextError(name)


def now() -> str:
    """Return the moment something is kept, UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
