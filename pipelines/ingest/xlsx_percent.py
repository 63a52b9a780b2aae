"""Cells of a workbook shown as per cent among plain figures: the sign is in the format alone.

Excel holds 5 % as 0.05 and the reader gives 0.05: among kroner that is five øre. Where a column has
plain figures and some cells shown as per cent, those cells get their sign back as text; what the
sign means in the column is decided in ``measured_in``. A column that is per cent throughout is left
as it is.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping

from pipelines.ingest.xlsx_cells import Workbook, column_number, local_name, parse_xml

_STYLES = "xl/styles.xml"
_BUILT_IN = {"9", "10"}
_QUOTED = re.compile(r'"[^"]*"|\\.')


def percent_cells(
    archive: zipfile.ZipFile, book: Workbook, sheet: str
) -> dict[tuple[int, int], str]:
    """Return the cells shown as per cent in columns where most figures are not.

    Args:
        archive: The workbook.
        book: What holds for all its sheets.
        sheet: The sheet's name.

    Returns:
        (row, column), both from 0 -> the cell as it is shown: ``5 %``.

    Raises:
        DeliveryRejectedError: ``not_xlsx`` when its XML is broken or declares entities.
    """
    part = book.parts.get(sheet)
    if part is None or not {part, _STYLES} <= set(archive.namelist()):
        return {}
    styles = _percent_styles(archive.read(_STYLES))
    if not styles:
        return {}
    cells = _Figures(styles)
    parse_xml(archive.read(part), cells.start, cells.end, cells.text)
    shown = Counter(column for _, column in cells.percents)
    mixed = {c for c, n in shown.items() if cells.plain[c] > n and c in cells.large}
    return {place: text for place, text in cells.percents.items() if place[1] in mixed}


def _percent_styles(xml: bytes) -> frozenset[str]:
    """Return the numbers of the cell styles that show a figure as per cent."""
    formats = set(_BUILT_IN)
    styles: list[str] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        tag = local_name(name)
        if tag == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            styles.append(attributes.get("numFmtId", ""))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and local_name(name) != "cellXfs"

    parse_xml(xml, start, end)
    return frozenset(str(i) for i, wanted in enumerate(styles) if wanted in formats)


class _Figures:
    """Collects the figures of a sheet by column, and those shown as per cent."""

    def __init__(self, styles: frozenset[str]) -> None:
        self.percents: dict[tuple[int, int], str] = {}
        self.plain: Counter[int] = Counter()
        self.large: set[int] = set()
        self._styles = styles
        self._row = self._column = -1
        self._style, self._value = "", ""
        self._is_figure = self._in_value = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = local_name(name)
        if tag == "c":
            place = attributes.get("r")
            self._column = column_number(place) if place else self._column + 1
            self._style, self._value = attributes.get("s", ""), ""
            self._is_figure = attributes.get("t", "n") == "n"
        elif tag == "v":
            self._in_value = True
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1

    def text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag == "v":
            self._in_value = False
        elif tag == "c" and self._is_figure and self._value.strip():
            self._take()

    def _take(self) -> None:
        try:
            figure = float(self._value)
        except ValueError:
            return
        if self._style in self._styles:
            self.percents[self._row, self._column] = f"{figure * 100:.10g} %"
            return
        self.plain[self._column] += 1
        if abs(figure) > 1:
            self.large.add(self._column)
