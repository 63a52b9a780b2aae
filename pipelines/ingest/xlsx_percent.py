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

from pipelines.ingest.xlsx_cells import SheetWalker, Workbook, local_name, parse_xml

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
    cells.walk(archive.read(part))
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


class _Figures(SheetWalker):
    """Collects the figures of a sheet by column, and those shown as per cent."""

    def __init__(self, styles: frozenset[str]) -> None:
        super().__init__()
        self.percents: dict[tuple[int, int], str] = {}
        self.plain: Counter[int] = Counter()
        self.large: set[int] = set()
        self._styles = styles

    def judge(self) -> None:
        if self.kind != "n":
            return
        try:
            figure = float(self.value)
        except ValueError:
            return
        column = self.place[1]
        if self.style in self._styles:
            self.percents[self.place] = f"{figure * 100:.10g} %"
            return
        self.plain[column] += 1
        if abs(figure) > 1:
            self.large.add(column)
