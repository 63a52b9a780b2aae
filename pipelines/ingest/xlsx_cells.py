"""What a workbook's XML says that the reader of cells does not: errors, uncomputed formulas, 1904.

Only faulty cells are looked for; values are read in ``xlsx_reader``.
"""

import io
import posixpath
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.cell_faults import UNCOMPUTED
from pipelines.words.messages import say

_SUSPECT = re.compile(rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f[\s>/]""")
# a cell of type error up to its word
_FAULT = re.compile(
    rb"""(?s)(<(?:\w+:)?c\s[^>]*\bt\s*=\s*["']e["'][^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>)[^<]*"""
)
_TRUE = {"1", "true", "on"}
_LETTERS = 26
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass
class Workbook:
    """What holds for all sheets.

    Attributes:
        from_1904: Day numbers count from 1904-01-01.
        recalculates: A program wrote it and left the computing to the spreadsheet.
        parts: Sheet name -> path of its XML in the archive.
    """

    from_1904: bool = False
    recalculates: bool = False
    parts: dict[str, str] = field(default_factory=dict)


def read_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Return what holds for all sheets of a workbook.

    Raises:
        DeliveryRejectedError: ``not_xlsx`` when its XML is broken or declares entities.
    """
    book, ids = Workbook(), dict[str, str]()

    def start(name: str, attributes: Mapping[str, str]) -> None:
        tag = local_name(name)
        if tag == "workbookPr":
            book.from_1904 = attributes.get("date1904", "").casefold() in _TRUE
        elif tag == "calcPr":
            book.recalculates = attributes.get("fullCalcOnLoad", "").casefold() in _TRUE
        elif tag == "sheet":
            found = (value for key, value in attributes.items() if local_name(key) == "id")
            ids[next(found, "")] = attributes.get("name", "")

    def relation(_name: str, attributes: Mapping[str, str]) -> None:
        sheet = ids.get(attributes.get("Id", ""))
        if sheet is not None:
            path = posixpath.join("/xl", attributes.get("Target", ""))
            book.parts[sheet] = posixpath.normpath(path).lstrip("/")

    parse_xml(archive.read(_WORKBOOK), start)
    if _RELATIONS in archive.namelist():
        parse_xml(archive.read(_RELATIONS), relation)
    return book


def faulty_cells(
    archive: zipfile.ZipFile, book: Workbook, sheet: str
) -> dict[tuple[int, int], str]:
    """Return the word of fault of every faulty cell of a sheet.

    A program that writes formulas without computing them writes no value, or 0 in every one; then
    all are faulty.

    Returns:
        (row, column), both from 0 -> ``#N/A``, ``#DIV/0!`` ... or ``UNCOMPUTED``.

    Raises:
        DeliveryRejectedError: ``not_xlsx`` when its XML is broken or declares entities.
    """
    part = book.parts.get(sheet)
    if part is None or part not in archive.namelist():
        return {}
    xml = archive.read(part)
    if not _SUSPECT.search(xml):
        return {}
    cells = _Faults()
    cells.walk(xml)
    if book.recalculates and cells.computed and set(cells.computed.values()) == {"0"}:
        cells.faults |= dict.fromkeys(cells.computed, UNCOMPUTED)
    return cells.faults


def with_old_faults(archive: zipfile.ZipFile, book: Workbook) -> bytes:
    """Return the workbook with every word of fault replaced by one that all readers know."""
    target = io.BytesIO()
    parts = set(book.parts.values())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in archive.namelist():
            content = archive.read(entry)
            copy.writestr(entry, _FAULT.sub(rb"\1#N/A", content) if entry in parts else content)
    return target.getvalue()


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0: A, B ... Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


class SheetWalker(ABC):
    """Walks the cells of a sheet's XML; ``judge`` is told when one is whole.

    Attributes:
        place: (row, column) of the cell, both from 0.
        kind: Its type, ``n`` where none is written.
        style: The number of its style.
        value: Its value as it is stored.
        is_formula: Whether it has a formula.
    """

    def __init__(self) -> None:
        self.place = (-1, -1)
        self.kind, self.style, self.value = "n", "", ""
        self.is_formula = self._in_value = False

    def walk(self, xml: bytes) -> None:
        """Walk a sheet.

        Raises:
            DeliveryRejectedError: ``not_xlsx`` when its XML is broken or declares entities.
        """
        parse_xml(xml, self._start, self._end, self._text)

    @abstractmethod
    def judge(self) -> None:
        """Say what is thought of the cell that has just been read."""

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = local_name(name)
        row, column = self.place
        if tag == "c":
            at = attributes.get("r")
            self.place = (row, column_number(at) if at else column + 1)
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.value, self.is_formula = "", False
        elif tag == "v":
            self._in_value = True
        elif tag == "f":
            self.is_formula = True
        elif tag == "row":
            self.place = (int(attributes["r"]) - 1 if "r" in attributes else row + 1, -1)

    def _text(self, text: str) -> None:
        if self._in_value:
            self.value += text

    def _end(self, name: str) -> None:
        tag = local_name(name)
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            self.judge()


class _Faults(SheetWalker):
    """Collects the faulty cells while a sheet is read."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: dict[tuple[int, int], str] = {}
        self.computed: dict[tuple[int, int], str] = {}

    def judge(self) -> None:
        stored = self.value.strip()
        if self.kind == "e":
            self.faults[self.place] = stored or "#N/A"
        elif self.is_formula and self.kind != "str":  # str: a text, which may be empty
            if stored:
                self.computed[self.place] = stored
            else:
                self.faults[self.place] = UNCOMPUTED


def column_number(place: str) -> int:
    """Return the number of a cell's column, from 0."""
    number = 0
    for letter in place.rstrip("0123456789").replace("$", ""):
        number = number * _LETTERS + ord(letter.upper()) - ord("A") + 1
    return number - 1


def local_name(name: str) -> str:
    """Return an XML name without its namespace."""
    return name.rpartition(":")[2]


def parse_xml(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML piece by piece.

    Raises:
        DeliveryRejectedError: ``not_xlsx`` when it is broken or declares entities.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - the last piece; the argument has no name
    except (expat.ExpatError, ValueError):
        raise _broken() from None


def _no_doctype(*_: object) -> None:
    raise _broken()


def _broken() -> DeliveryRejectedError:
    return DeliveryRejectedError(
        "not_xlsx",
        say("ingest.xlsx_cells.cannot_be_read"),
        way_out=say("ingest.xlsx_cells.save_without_macros"),
    )
