"""What is said, in bokmål and English, when a question is refused, fails or is stopped.

The codes come from the process that runs the question; the words are here alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.desk.personal_identifiers import masked

_PATH_IN_TEXT = re.compile(r"(?<![\w)])/(?:[^\s/'\"]+/)+[^\s'\"]*")


@dataclass(frozen=True)
class Words:
    """A sentence and the way out, in both languages."""

    nb: str
    en: str
    way_out_nb: str = ""
    way_out_en: str = ""


_PUBLISHED_ONLY = (
    "Spør om de publiserte tabellene; show tables viser dem.",
    "Ask about the published tables; show tables lists them.",
)
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
    "limited_reader": Words(
        "Spørringer går over alle enheter, og kan bare stilles av dem som leser hele kommunen.",
        "Queries go over all units: only those who read the whole municipality can ask.",
        "Bruk sidene for dine enheter, eller spør en analytiker.",
        "Use the pages of your units, or ask an analyst.",
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
        *_PUBLISHED_ONLY,
    ),
    "function": Words(
        "Funksjonen «{name}» kan ikke brukes her.",
        "The function “{name}” cannot be used here.",
    ),
    "unknown_function": Words(
        "Funksjonen «{name}» finnes ikke. Mente du «{near}»?",
        "There is no function “{name}”. Did you mean “{near}”?",
    ),
    "system_table": Words(
        "Systemtabellen «{name}» kan ikke leses her.",
        "The system table “{name}” cannot be read here.",
        *_PUBLISHED_ONLY,
    ),
    "file": Words(
        "«{name}» er ingen tabell, og filer kan ikke leses her.",
        "“{name}” is no table, and files cannot be read here.",
        *_PUBLISHED_ONLY,
    ),
    "personal": Words(
        "Svaret vises ikke: kolonnen «{name}» har noe som ser ut som en personopplysning.",
        "The answer is not shown: the column “{name}” has what looks like personal data.",
        "Ta kolonnen ut av spørringen, og si fra til den som har ansvar for dataene.",
        "Leave the column out, and tell whoever is responsible for the data.",
    ),
    "unexpected": Words(
        "Spørringen kunne ikke kjøres på grunn av en feil hos oss.",
        "The query could not be run because of a fault of ours.",
        "Prøv å skrive den på en enklere måte, og si fra til den som drifter Pukk.",
        "Try to write it in a simpler way, and tell whoever runs Pukk.",
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
        values: What the words name: ``name`` of a function or table, what it is ``near``, DuckDB's
            ``message``.
    """
    found = _WORDS[code]
    given = {"name": "", "near": "", "message": "", **values}
    cleaned = {name: without_paths(masked(value)) for name, value in given.items()}
    return Words(
        found.nb.format(**cleaned), found.en.format(**cleaned), found.way_out_nb, found.way_out_en
    )


def without_paths(message: str) -> str:
    """Return a message with every absolute path replaced by ``[fil]``."""
    return _PATH_IN_TEXT.sub("[fil]", message)
