"""What is said, in bokmål and English, when a question is refused, fails or is stopped.

The codes come from the process that runs the question; the words are here alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PATH_IN_TEXT = re.compile(r"(?<![\w)])/(?:[^\s/'\"]+/)+[^\s'\"]*")


@dataclass(frozen=True)
class Words:
    """A sentence and the way out, in both languages."""

    nb: str
    en: str
    way_out_nb: str = ""
    way_out_en: str = ""


_WORDS = {
    "timeout": Words(
        "Spørringen ble stoppet: den brukte for lang tid.",
        "The query was stopped: it took too long.",
        "Velg færre rader eller år.",
        "Choose fewer rows or years.",
    ),
    "memory": Words(
        "Spørringen ble stoppet: den trengte for mye minne.",
        "The query was stopped: it needed too much memory.",
        "Velg færre rader.",
        "Choose fewer rows.",
    ),
    "busy": Words(
        "Andre spørringer kjører nå.",
        "Other queries are running now.",
        "Prøv igjen om litt.",
        "Try again in a moment.",
    ),
    "column_type": Words(
        "Resultatet har en kolonnetype som ikke kan vises.",
        "The result has a column type that cannot be shown.",
        "Gjør den om til tekst med cast(… as varchar).",
        "Turn it into text with cast(… as varchar).",
    ),
    "too_large": Words(
        "Resultatet er for stort til å vises.",
        "The result is too large to show.",
        "Velg færre rader eller kolonner.",
        "Choose fewer rows or columns.",
    ),
    "encoding": Words(
        "Spørringen har tegn som ikke er lesbar tekst.",
        "The query has characters that are no readable text.",
        "Skriv den på nytt i stedet for å lime inn.",
        "Type it instead of pasting it.",
    ),
    "empty": Words("Spørringen er tom.", "The query is empty."),
    "several": Words("Skriv én spørring om gangen.", "Write one query at a time."),
    "dynamic_pivot": Words(
        "PIVOT uten faste verdier kan ikke brukes her.",
        "PIVOT without fixed values cannot be used here.",
        "Skriv verdiene: PIVOT … ON … IN ('a', 'b').",
        "Write the values: PIVOT … ON … IN ('a', 'b').",
    ),
    "not_reading": Words(
        "Bare spørringer som leser, er tillatt: SELECT, WITH, DESCRIBE, EXPLAIN.",
        "Only queries that read are allowed: SELECT, WITH, DESCRIBE, EXPLAIN.",
    ),
    "unchecked": Words(
        "Spørringen kan ikke kontrolleres, og blir derfor ikke kjørt.",
        "The query cannot be checked, and is therefore not run.",
    ),
    "table_function": Words(
        "Tabellfunksjonen «{name}» kan ikke brukes her.",
        "The table function “{name}” cannot be used here.",
    ),
    "function": Words(
        "Funksjonen «{name}» kan ikke brukes her.",
        "The function “{name}” cannot be used here.",
    ),
    "system_table": Words(
        "Systemtabellen «{name}» kan ikke leses her.",
        "The system table “{name}” cannot be read here.",
    ),
    "failed": Words(
        "DuckDB kunne ikke kjøre spørringen: {message}",
        "DuckDB could not run the query: {message}",
    ),
}
CODES = frozenset(_WORDS)


def words_for(code: str, values: Mapping[str, str]) -> Words:
    """Return the words of a code with its values filled in, without any path.

    Args:
        code: One of ``CODES``.
        values: What the words name: ``name`` of a function or table, DuckDB's ``message``.
    """
    found = _WORDS[code]
    cleaned = {name: without_paths(value) for name, value in values.items()}
    return Words(
        found.nb.format(**cleaned), found.en.format(**cleaned), found.way_out_nb, found.way_out_en
    )


def without_paths(message: str) -> str:
    """Return a message with every absolute path replaced by ``[fil]``."""
    return _PATH_IN_TEXT.sub("[fil]", message)
