"""A mobile number beside a name: a person's. An office's number, and one that stands alone, is not.

Text in, places out. Names are not judged: two words with capital letters are taken for one.
"""

import re
from collections.abc import Iterator

from pipelines.desk.recognised import RECOGNISED

MAY_BE_ONE = (
    "[49][0-9](?: [0-9]{2}){3}|[49][0-9]{2} [0-9]{2} [0-9]{3}|(?:[Tt]lf|[Tt]elefon|[Mm]ob|[Pp]hone)"
)
"""What a text has that holds one, in the regular expressions of Polars and DuckDB."""
_NAME, _SAID = RECOGNISED["telephones.name"], RECOGNISED["telephones.said"]
_COUNTRY = r"(?:(?:\+|00)47 ?)?"
# numbers that begin with 4 and 9 are mobile ones in the Norwegian numbering plan (Nkom)
_GROUPED = rf"(?<![\d.,]){_COUNTRY}(?:[49]\d(?: \d\d){{3}}|[49]\d\d \d\d \d{{3}})(?!\d)"
_IN_ONE = rf"{_COUNTRY}[49]\d{{7}}(?!\d)"
_BETWEEN = r"[ ,;:()-]{1,4}"
_BESIDE_A_NAME = tuple(
    re.compile(form)
    for form in (
        rf"(?P<number>{_GROUPED}){_BETWEEN}{_NAME}",
        rf"{_SAID}(?P<number>{_IN_ONE}){_BETWEEN}{_NAME}",
        rf"{_NAME}{_BETWEEN}(?:{_SAID})?(?P<number>{_GROUPED})",
        rf"{_NAME}{_BETWEEN}{_SAID}(?P<number>{_IN_ONE})",
    )
)


def telephones(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text has the mobile number of somebody it names.

    Args:
        text: A text in which digits, spaces and hyphens are plain ones.
    """
    for form in _BESIDE_A_NAME:
        for hit in form.finditer(text):
            yield hit.span("number")
