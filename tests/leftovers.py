"""What lies in the files that a run leaves, opened as far as each format goes.

Every file is read as bytes; databases, Parquet, workbooks and packed files are read by their rows
and members as well, because they compress what they hold.
"""

import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from pipelines.desk.personal_identifiers import MAY_HOLD, hits_in_column

_DUCKDB, _SQLITE, _PARQUET = b"DUCK", b"SQLite format 3\0", b"PAR1"
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_INTEGERS = {"INTEGER", "BIGINT", "UINTEGER", "UBIGINT", "HUGEINT"}
# in hashes such figures stand by chance
_EIGHT = re.compile(rb"(?<![0-9a-f])[0-9]{8}(?![0-9a-f])")
_LONG_WORD = re.compile(
    rb"[A-Z](?:[a-z]|\xc3[\x80-\xbf]){8,}|\xc3[\x80-\x9e](?:[a-z]|\xc3[\x80-\xbf]){7,}"
)
_BETWEEN_VALUES = re.compile(r"[\n\r\",\[\]{}]")
# of persons, and the HR system's numbers of positions in the example
_PSEUDONYM = re.compile(rb"(?<![0-9A-Za-z])(?:p_[0-9a-f]{20}|AF-\d{6})(?![0-9A-Za-z])")
# our own hashes and pseudonyms, alone in their cell
_ID = r"^(?:p_)?[0-9a-f]{16,}$"


def files_below(folders: Iterable[Path], left_out: Iterable[Path] = ()) -> list[Path]:
    """Return every file below some folders but those in others."""
    skipped = tuple(left_out)
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(file.is_relative_to(other) for other in skipped)
    ]


@dataclass(frozen=True)
class Leftover:
    """One file, read in every way."""

    file: Path

    @cached_property
    def raw(self) -> bytes:
        """The file's bytes."""
        return self.file.read_bytes()

    @cached_property
    def columns(self) -> list[list[str]]:
        """The texts and whole numbers of its columns; of a text its lines and values."""
        if self.raw[8:12] == _DUCKDB:
            return list(_duckdb_columns(self.file))
        if self.raw.startswith(_SQLITE):
            return list(_sqlite_columns(self.file))
        if self.raw.startswith(_PARQUET):
            return list(_parquet_columns(self.raw))
        return [_BETWEEN_VALUES.split(self.raw.decode("utf-8", "replace"))]

    @cached_property
    def contents(self) -> list[bytes]:
        """Its name, its bytes, and what they hold when they are unpacked."""
        found = [self.file.name.encode(), self.raw]
        if self.raw.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(self.raw)) as archive:
                found += [archive.read(name) for name in archive.namelist()]
        elif self.raw.startswith(_GZIP):
            found.append(gzip.decompress(self.raw))
        elif self.raw[8:12] == _DUCKDB or self.raw.startswith((_SQLITE, _PARQUET)):
            found += ["\n".join(texts).encode() for texts in self.columns]
        else:
            found.append(self.raw.replace(b"\0", b""))  # UTF-16
        return found

    def figures_of(self, numbers: set[bytes]) -> set[bytes]:
        """Which of these numbers of eight digits stand alone in it: those of employees.

        Among the millions of packed bytes of a database one stands by chance; two do not.
        """
        found = {
            figure for content in self.contents for figure in _EIGHT.findall(content)
        } & numbers
        if len(found) > 1 or not (self.raw[8:12] == _DUCKDB or self.raw.startswith(_PARQUET)):
            return found
        unpacked = [content for content in self.contents if content is not self.raw]
        return {figure for figure in found if any(figure in content for content in unpacked)}

    @property
    def long_words(self) -> set[bytes]:
        """Long words with a capital letter, as the example's surnames are."""
        return {word for content in self.contents for word in _LONG_WORD.findall(content)}

    @property
    def has_pseudonym(self) -> bool:
        """Whether a person's pseudonym or the number of a position stands anywhere."""
        return any(_PSEUDONYM.search(content) for content in self.contents)

    @property
    def n_identifiers(self) -> int:
        """How many texts hold an identity number or a bank account."""
        return sum(map(_n_identifiers, self.columns))


def _n_identifiers(texts: list[str]) -> int:
    every = pl.Series(texts, dtype=pl.String)
    suspects = every.filter(every.str.contains(MAY_HOLD) & ~every.str.contains(_ID))
    kinds = hits_in_column(suspects.unique().to_list()).values()
    return sum(kind in {"identity_number", "bank_account"} for kind in kinds)


def _duckdb_columns(file: Path) -> Iterator[list[str]]:
    seen: set[str] = set()
    with duckdb.connect(file, read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " semi join (select schema_name, table_name from duckdb_tables()) as tables"
            " using (schema_name, table_name) where database_name = current_database()"
        ).fetchall()
        for schema, table, column, kind in columns:
            if kind in _INTEGERS or "VARCHAR" in kind or kind == "JSON":
                rows = con.execute(
                    f'select distinct cast("{column}" as varchar) from "{schema}"."{table}"'
                    f' where "{column}" is not null'
                ).fetchall()
                new = {text for (text,) in rows} - seen
                seen |= new
                yield sorted(new)


def _sqlite_columns(file: Path) -> Iterator[list[str]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
        con.text_factory = lambda raw: raw.decode("utf-8", "replace")
        tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            rows = con.execute(f'select * from "{table}"').fetchall()
            yield [str(cell) for row in rows for cell in row]


def _parquet_columns(raw: bytes) -> Iterator[list[str]]:
    for column in pl.read_parquet(io.BytesIO(raw)).iter_columns():
        if column.dtype == pl.String or column.dtype.is_integer():
            yield column.cast(pl.String).drop_nulls().unique().to_list()
