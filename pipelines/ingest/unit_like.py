"""What may be told of an unknown unit: a code, or words that are a unit's and no person's.

The one rule for it, for the reason of a row and for what stood there; what else of a row may be
told is decided in ``found``. Place names are surnames too, so a word from the register alone says
little: a name is told when every word is known, or when words such as «skole» say what it is.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from pipelines.ingest.personal import looks_personal
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.text_keys import code_key, without_leading_zeros

LONGEST = 60


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KINDS = _words(RECOGNISED["unit_like.nouns"])
_SHORTEST_ENDING = 5
_PREPOSITIONS = _words(RECOGNISED["unit_like.prepositions"])
_PLAIN = _PREPOSITIONS | _words(RECOGNISED["unit_like.qualifiers"])
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[,;:()|–—]|\s-\s")
_CODE = re.compile(RECOGNISED["unit_like.code"])
_TELEPHONE = re.compile(r"[2-9]\d{7}")
_SHORT = 4
_FEW, _LIKE = 2, 0.88
"""A name that is misspelt: so many letters more or less, and so alike."""


@dataclass(frozen=True)
class UnitWords:
    """What is known of units' codes and names, and of the persons of a file.

    Attributes:
        codes: Code system -> its codes, as they compare.
        names: Every name and code of a unit, as they compare.
        persons: The person numbers of the file; None when its table is not about persons.
    """

    codes: dict[str, frozenset[str]]
    names: frozenset[str]
    persons: frozenset[str] | None = None
    _words: frozenset[str] = field(init=False)
    _shapes: dict[str, frozenset[str]] = field(init=False)
    _person_shapes: frozenset[str] = field(init=False)
    _by_letter: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Work out the words and shapes once."""
        words = frozenset(word for name in self.names for word in _WORD.findall(name))
        shapes = {
            system: frozenset(_shape(form) for c in codes for form in (c, without_leading_zeros(c)))
            for system, codes in self.codes.items()
        }
        persons = frozenset(_shape(code_key(number)) for number in self.persons or ())
        by_letter: dict[str, list[str]] = {}
        for name in sorted(self.names):
            by_letter.setdefault(name[:1], []).append(name)
        object.__setattr__(self, "_by_letter", by_letter)
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_shapes", shapes)
        object.__setattr__(self, "_person_shapes", persons)

    def told(self, text: str, system: str | None) -> str | None:
        """Return what may be told of an unknown unit: the text, its code alone, or None.

        Args:
            text: What the file says.
            system: The code system it was looked up in.
        """
        if len(text) > LONGEST or looks_personal(text):
            return None
        code, _, rest = text.strip().partition(" ")
        if not self._is_code(code, system):
            return text if self._is_name(text) else None
        if not rest.strip():
            return text
        return text if self._is_name(rest) else f"{code} …"

    def _is_code(self, text: str, system: str | None) -> bool:
        if not _CODE.fullmatch(text):
            return False
        shape = _shape(code_key(text))
        is_usual = shape in self._shapes.get(system or "", frozenset())
        if self.persons is None:
            return is_usual or not _TELEPHONE.fullmatch(text)
        if text in self.persons:
            return False
        return is_usual or (len(text) <= _SHORT and shape not in self._person_shapes)

    def _is_name(self, text: str) -> bool:
        """Return whether each part names a unit and no part has a first name and a surname."""
        key = code_key(text)
        near = [n for n in self._by_letter.get(key[:1], ()) if abs(len(n) - len(key)) <= _FEW]
        if get_close_matches(key, near, n=1, cutoff=_LIKE):
            return True
        parts = [part for part in _PARTS.split(key) if _WORD.search(part)]
        return bool(parts) and all(self._names_unit(part) for part in parts)

    def _names_unit(self, part: str) -> bool:
        words = [word for word in _WORD.findall(part) if len(word) > 1]
        is_unit = any(_is_kind(word) for word in words)
        is_known = bool(words) and all(word in self._words or word in _PLAIN for word in words)
        return is_known or (is_unit and not self._has_full_name(part))

    def _has_full_name(self, part: str) -> bool:
        """Return whether the part names a person: «Kari Solberg skole», «Kari på skolen».

        That is two words in a row that say nothing of a unit and are not both known.
        """
        for side in part.split("/"):
            proper: list[str] = []
            for word in _WORD.findall(side):
                if word in _PREPOSITIONS and proper and proper[-1] not in self._words:
                    return True
                if _is_kind(word) or word in _PLAIN:
                    proper = []
                    continue
                proper.append(word)
                if len(proper) > 1 and any(name not in self._words for name in proper[-2:]):
                    return True
        return False


def _is_kind(word: str) -> bool:
    return word in _KINDS or any(
        len(ending) >= _SHORTEST_ENDING and word.endswith(ending) for ending in _KINDS
    )


def _shape(code: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", code))
