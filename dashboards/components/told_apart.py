"""Two things of one name in a list are two lines a reader can tell from each other.

A list hands back what a line says, so of two lines that say the same the first would be meant
whichever is chosen. What is chosen from lists is in ``choices``.
"""

from collections import Counter
from collections.abc import Mapping


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return what each code is called, those of one name with the code behind it.

    Args:
        names: Code to what it is called.
    """
    many = Counter(names.values())
    return {code: f"{name} · {code}" if many[name] > 1 else name for code, name in names.items()}
