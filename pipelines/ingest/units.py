"""Codes of other systems to unit ids, by all organisation that is loaded and on the right date.

A code that is not known is never guessed: its row is set aside with the code system's name.
"""

import hashlib
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.ingest.registers import codes_over_time
from pipelines.ingest.text_keys import code_key, without_leading_zeros
from pipelines.ingest.unit_like import UnitWords
from pipelines.words.messages import say

UNIT_ID_SYSTEM = "unit_id"
_START_COLUMNS = (
    "start_date", "month", "course_date", "use_date", "event_date", "identified_date",
    "planned_date", "change_date", "meeting_date", "forum_date", "registered_date", "survey_date",
    "step_date", "valid_from", "decided_date", "note_date",
)  # fmt: skip


@dataclass(frozen=True)
class UnitIndex:
    """The organisation as it is loaded now.

    Attributes:
        codes: ``code_system``, ``key``, ``unit_id`` (String), ``valid_from``, ``valid_to`` (Date).
        fingerprint: Changes whenever a unit or code changes.
        names: What the register calls its units, and has called them.
    """

    codes: pl.DataFrame
    fingerprint: str
    names: tuple[str, ...] = ()

    @classmethod
    def load(cls, con: duckdb.DuckDBPyConnection) -> "UnitIndex":
        """Return the index of every unit and code the warehouse has known, those gone too."""
        units = con.sql(
            f"select distinct '{UNIT_ID_SYSTEM}' as code_system, unit_id as code, unit_id, "
            "cast(null as date) as valid_from, cast(null as date) as valid_to "
            "from organisation.units order by unit_id"
        ).pl()
        codes = pl.concat([codes_over_time(con), units])
        digest = hashlib.sha256(codes.write_csv().encode()).hexdigest()
        keys = {code: code_key(code) for code in codes["code"].unique().to_list()}
        key = pl.col("code").replace_strict(keys, default=None, return_dtype=pl.String)
        named = con.sql(
            "select distinct unit_name from organisation.units where unit_name is not null"
        ).fetchall()
        names = tuple(sorted(name for (name,) in named))
        return cls(codes.with_columns(key.alias("key")).drop("code"), digest[:16], names)

    def words(self, persons: frozenset[str] | None = None) -> UnitWords:
        """Return what tells a unit's code or name from a person's.

        Args:
            persons: The person numbers of a file; None when its table is not about persons.
        """
        codes = {
            system: frozenset(keys)
            for system, keys in self.codes.group_by("code_system").agg("key").iter_rows()
        }
        names = {*(code_key(name) for name in self.names), *self.codes["key"].to_list()}
        return UnitWords(codes, frozenset(names), persons)

    def resolve(self, codes: pl.Series, days: pl.DataFrame, system: str) -> pl.Series:
        """Return the unit id of each code, null where it is unknown or not valid.

        Args:
            codes: The codes (String) as the file writes them; leading zeros may be lost.
            days: ``first`` and ``last`` (Date, nullable) of what each row is about; a code counts
                if it is valid on some of these days.
            system: The code system.
        """
        known = self.codes.filter(pl.col("code_system") == system)
        exact = set(known["key"].to_list())
        bare = {without_leading_zeros(key): key for key in exact}
        keys: dict[str, str | None] = {}
        for code in codes.drop_nulls().unique().to_list():
            key = code_key(code)
            keys[code] = key if key in exact else bare.get(without_leading_zeros(key))
        asked = days.with_columns(
            codes.replace_strict(keys, default=None, return_dtype=pl.String).alias("key")
        )
        valid_from = pl.col("valid_from").is_null() | (
            pl.col("valid_from") <= pl.col("last").fill_null(pl.col("valid_from"))
        )
        valid_to = pl.col("valid_to").is_null() | (
            pl.col("valid_to") >= pl.col("first").fill_null(pl.col("valid_to"))
        )
        # the code's owner on the first day wins; else the first one after it
        on_first = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("first"))
        best = (
            asked.unique()
            .join(known, on="key", how="inner")
            .filter(valid_from & valid_to)
            .with_columns(on_first.fill_null(value=False).alias("on_first"))
            .sort("on_first", "valid_from", "unit_id", descending=[True, False, False])
            .group_by("key", "first", "last", maintain_order=True)
            .agg(pl.col("unit_id").first())
        )
        joined = asked.join(
            best, on=["key", "first", "last"], how="left", nulls_equal=True, maintain_order="left"
        )
        return joined["unit_id"]


def days_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the first and last day each row is about, from the columns its table has.

    Accounts are about their month, whatever day they were decided on. A row of a whole year, or
    without a date, has no days: every validity fits it.
    """
    start = next((name for name in _START_COLUMNS if name in rows.columns), None)
    if {"year", "period"} <= set(rows.columns):
        text = pl.format("{}-{}-1", "year", pl.col("period").clip(1, 12))
        first = text.str.to_date("%Y-%m-%d", strict=False)
        last = first.dt.month_end()
    else:
        first = pl.col(start) if start else pl.lit(None, dtype=pl.Date)
        last = first
    if start == "start_date" and "end_date" in rows.columns:
        last = pl.col("end_date").fill_null(pl.date(9999, 12, 31))
    elif start == "month":
        last = first.dt.month_end()
    # not select: a literal alone would give one row
    return rows.with_columns(first.alias("first"), last.alias("last")).select("first", "last")


def unknown_unit(code: str, system: str, words: UnitWords) -> str:
    """Return the reason for a row with an unknown code, which is quoted where it may be told."""
    told = words.told(code, system)
    shown = f"«{told}» " if told else ""
    if system == UNIT_ID_SYSTEM:
        return say("ingest.units.unknown_unit", shown=shown)
    return say("ingest.units.unknown_code", shown=shown, system=system)
