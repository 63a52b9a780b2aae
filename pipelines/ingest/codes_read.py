"""Which codes of units a delivery was read by, and whether they still mean the same.

Rows hold the unit a code meant when they were read, so a file is read again when one of its codes
has come to mean something else. Codes are kept as keyed hashes: a cell that should hold a code may
hold a name.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.ingest.pseudonyms import fingerprint_of_row
from pipelines.ingest.text_keys import code_key, without_leading_zeros
from pipelines.ingest.units import UnitIndex

SCHEMA = {"code_system": pl.String, "codes": pl.String, "meaning": pl.String}
_HEX = 16


@dataclass(frozen=True)
class CodeBook:
    """What every code means now.

    Attributes:
        meanings: Code system and hashed code -> hash of its units and their days.
        key: The key codes are hashed with.
    """

    meanings: Mapping[tuple[str, str], str]
    key: bytes

    @classmethod
    def of(cls, units: UnitIndex, key: bytes) -> "CodeBook":
        """Return the book of an index of units."""
        texts: dict[tuple[str, str], list[str]] = {}
        for system, unit_id, first, last, code in units.codes.select(
            "code_system", "unit_id", "valid_from", "valid_to", "key"
        ).iter_rows():
            place = (system, _hashed(code, key))
            texts.setdefault(place, []).append(f"{code}\x1f{unit_id}\x1f{first}\x1f{last}")
        return cls({place: _sha("\x1e".join(sorted(said))) for place, said in texts.items()}, key)

    def read_by(self, used: Mapping[str, Iterable[str]]) -> pl.DataFrame:
        """Return what to keep of a delivery, a row per code system.

        Args:
            used: Code system -> the codes of the file.
        """
        rows = []
        for system, codes in sorted(used.items()):
            hashed = sorted({_hashed(code, self.key) for code in codes})
            rows.append((system, ",".join(hashed), self._meaning(system, hashed)))
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def still_means(self, con: duckdb.DuckDBPyConnection, delivery_id: str) -> bool:
        """Return whether every code a delivery was read by means what it did then.

        Args:
            con: The working warehouse.
            delivery_id: The delivery; one from before codes were kept has nothing to ask.
        """
        rows = con.execute(
            "select code_system, codes, meaning from ops.codes_read where delivery_id = ?",
            [delivery_id],
        ).fetchall()
        return all(
            self._meaning(system, codes.split(",") if codes else []) == meaning
            for system, codes, meaning in rows
        )

    def _meaning(self, system: str, hashed: Iterable[str]) -> str:
        return _sha("\x1e".join(self.meanings.get((system, code), "") for code in hashed))


def _hashed(code: str, key: bytes) -> str:
    return fingerprint_of_row(without_leading_zeros(code_key(code)), key)[:_HEX]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HEX]
