"""Stop a file that brings names or national identity numbers; never say what it brought.

Pseudonyms for the numbers that may come in are made in ``pseudonyms``.
"""

import re
from collections.abc import Collection

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.shapes import SOURCE_ROW, Note
from pipelines.ingest.text_keys import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAME_WORDS = _words(
    "navn namn fornavn fornamn etternavn etternamn mellomnavn mellomnamn name names firstname "
    "lastname forename surname ansattnavn ansattnamn ansattsnavn personnavn medarbeidernavn "
    "ledernavn arbeidstakernavn fullname employeename"
)
_NUMBER_WORDS = _words(
    "fødselsnummer fødselsnr fodselsnummer fodselsnr fnr personnummer personnr fødselsdato "
    "fodselsdato nin ssn"
)
# words that say the name is not a person's
_THING_WORDS = _words(
    "org organisasjon organisation organization enhet enhets unit avdeling avd ansvar ansvars "
    "tjeneste teneste konto art prosjekt kommune virksomhet site trust team sektor funksjon "
    "stilling stillings rolle job measure metric måltall kurs verktøy fil file sheet column "
    "provider region ics icb nhse cluster gruppe group department dept"
)
# six digits, an optional space, five digits; not the decimals of a number
_ELEVEN = r"(?:^|[^0-9.,]|[^0-9][.,]|^[.,])({pattern})(?:[^0-9]|$)".format(
    pattern=r"(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])"  # day, +40 for a D-number
    r"(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|8[1-9]|9[0-2])"  # month, +40 or +80 for test persons
    r"\d{2}[ \x{00a0}\x{202f}]?\d{5}"
)
# an e-mail address, a telephone number as people write it, a surname with a first name behind it
_PERSONAL = (
    r"@|\+47|(?<!\d)(?:\d{2} \d{2} \d{2} \d{2}|\d{3} \d{2} \d{3})(?!\d)"
    r"|^\w[\w-]+, [A-ZÆØÅ][a-zæøå]+(?: [A-ZÆØÅ]\w*)*$"
)
_MASKED = r"^[*xX.\-\s]*$"


def refuse_identity_numbers(rows: pl.DataFrame, columns: Collection[str]) -> None:
    """Stop the file if any cell holds something that looks like a national identity number.

    Args:
        rows: ``source_row`` and String columns.
        columns: The columns to look at: all of them, mapped or not.

    Raises:
        DeliveryRejectedError: ``personal_data``; names the row, never the content.
    """
    for column in columns:
        hits = rows.filter(pl.col(column).str.contains(_ELEVEN))
        if hits.height:
            raise _refuse(
                "Filen inneholder noe som ser ut som fødselsnummer.",
                f"rad {hits[SOURCE_ROW][0]} (og {hits.height - 1} til)",
            )


def refuse_names(
    rows: pl.DataFrame, columns: Collection[str], mapped: Collection[str]
) -> list[Note]:
    """Stop the file if it has a column of persons' names.

    Args:
        rows: The file's columns.
        columns: Headers that have a name in the file.
        mapped: Headers that are mapped to something that is not a person.

    Returns:
        A note for each name column that is empty or masked throughout; it is not read.

    Raises:
        DeliveryRejectedError: ``personal_data``; names the column.
    """
    notes = []
    for column in columns:
        if column in mapped or not is_person_header(column):
            continue
        if rows.filter(~pl.col(column).str.contains(_MASKED)).height:
            raise _refuse(
                f"Kolonnen «{column}» ser ut til å inneholde personopplysninger.", "overskriften"
            )
        notes.append(Note("masked_name_column", f"Kolonnen «{column}» er maskert og er ikke lest."))
    return notes


def is_person_header(header: str) -> bool:
    """Return whether a header announces persons' names or identity numbers."""
    words = set(re.findall(r"[a-zæøå]+", header.casefold()))
    folded = {fold(word) for word in words}
    if fold(header) in {fold(word) for word in _NUMBER_WORDS} or words & _NUMBER_WORDS:
        return True
    names = {fold(word) for word in _NAME_WORDS}
    things = {fold(word) for word in _THING_WORDS}
    return bool((folded | {fold(header)}) & names) and not folded & things


def person_numbers(rows: pl.DataFrame, headers: Collection[str]) -> frozenset[str]:
    """Return every text in a file's columns of persons, to know them where they do not belong."""
    return frozenset(
        text for header in headers for text in rows[header].drop_nulls().unique().to_list()
    )


def looks_personal(text: str) -> bool:
    """Return whether a text looks like an identity number, an address or «Etternavn, Fornavn»."""
    number = re.search(_ELEVEN.replace(r"\x{00a0}", "\u00a0").replace(r"\x{202f}", "\u202f"), text)
    return bool(number or re.search(_PERSONAL, text))


def _refuse(message: str, where: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(
        "personal_data",
        message,
        where=where,
        way_out="Ta kolonnen ut av uttrekket og slett filen fra innboksen. "
        "Innholdet er ikke lagret.",
    )
