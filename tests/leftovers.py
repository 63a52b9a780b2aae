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
from pathlib import Path

import duckdb
import polars as pl

from pipelines.desk.personal_identifiers import MAY_HOLD, hits_in_column

_DUCKDB_MARK, _SQLITE_MARK = b"DUCK", b"SQLite format 3\0"
_INTEGERS = {"INTEGER", "BIGINT", "UINTEGER", "UBIGINT", "HUGEINT"}
# in hashes such figures stand by chance
_EIGHT = re.compile(rb"(?<![0-9a-f])[0-9]{8}(?![0-9a-f])")
_WORD = re.compile(
    rb"[A-Z](?:[a-z]|\xc3[\x80-\xbf]){8,}|\xc3[\x80-\x9e](?:[a-z]|\xc3[\x80-\xbf]){7,}"
)
_PSEUDONYM = re.compile(rb"(?<![0-9A-Za-z])p_[0-9a-f]{16}(?![0-9A-Za-z])")


def files_below(folders: Iterable[Path], left_out: Iterable[Path] = ()) -> list[Path]:
    """Return every file below some folders but those in others."""
    skipped = tuple(left_out)
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(file.is_relative_to(other) for other in skipped)
    ]


def contents_of(file: Path) -> Iterator[bytes]:
    """Yield what a file holds: its bytes, and the texts and whole numbers of its rows."""
    content = file.read_bytes()
    yield content
    yield content.replace(b"\0", b"")  # UTF-16
    yield file.name.encode()
    if content[8:12] == _DUCKDB_MARK:
        yield from map(_lines, duckdb_columns(file))
    elif content.startswith(_SQLITE_MARK):
        yield from map(_lines, _sqlite_columns(file))
    elif content.startswith(b"PAR1"):
        yield from (_lines(texts) for _, texts in _columns(pl.read_parquet(io.BytesIO(content))))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


def figures_in(content: bytes) -> set[bytes]:
    """Return every number of eight digits that stands alone, as the example's employees have."""
    return set(_EIGHT.findall(content))


def long_words_in(content: bytes) -> set[bytes]:
    """Return every long word with a capital letter, as the example's surnames are."""
    return set(_WORD.findall(content))


def has_pseudonym(content: bytes) -> bool:
    """Return whether a pseudonym of a person or a position stands anywhere."""
    return _PSEUDONYM.search(content) is not None


def duckdb_columns(file: Path) -> Iterator[list[str]]:
    """Yield the different texts and whole numbers of each column of a DuckDB file."""
    with duckdb.connect(file, read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " where not internal and database_name = current_database()"
        ).fetchall()
        for schema, table, column, kind in columns:
            if kind in _INTEGERS or "VARCHAR" in kind or kind == "JSON":
                rows = con.execute(
                    f'select distinct cast("{column}" as varchar) from "{schema}"."{table}"'
                    f' where "{column}" is not null'
                ).fetchall()
                yield [text for (text,) in rows]


def identifiers_in_text(file: Path) -> int:
    """Return how many identity numbers or accounts a file of text or a database holds."""
    content = file.read_bytes()
    if content[8:12] == _DUCKDB_MARK:
        columns = list(duckdb_columns(file))
    elif content.startswith(_SQLITE_MARK):
        columns = list(_sqlite_columns(file))
    elif content.startswith(b"PAR1"):
        columns = [texts for _, texts in _columns(pl.read_parquet(io.BytesIO(content)))]
    else:
        columns = [content.decode("utf-8", "replace").splitlines()]
    return sum(_n_identifiers(texts) for texts in columns)


def _n_identifiers(texts: list[str]) -> int:
    suspects = pl.Series(texts, dtype=pl.String)
    kinds = hits_in_column(suspects.filter(suspects.str.contains(MAY_HOLD)).to_list()).values()
    return sum(kind in {"identity_number", "bank_account"} for kind in kinds)


def _sqlite_columns(file: Path) -> Iterator[list[str]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
        con.text_factory = lambda raw: raw.decode("utf-8", "replace")
        tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            for row in con.execute(f'select * from "{table}"'):
                yield [str(cell) for cell in row]


def _columns(frame: pl.DataFrame) -> Iterator[tuple[str, list[str]]]:
    for column in frame.iter_columns():
        if column.dtype == pl.String or column.dtype.is_integer():
            yield column.name, column.cast(pl.String).drop_nulls().unique().to_list()


def _lines(texts: list[str]) -> bytes:
    return "\n".join(texts).encode()
