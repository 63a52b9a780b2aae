"""The last look before publishing: nothing about a person, nothing that was meant to be hidden.

Suppression itself is done once, where the marts are built. This refuses a file in which it was
not: it never repairs.
"""

import re
from collections.abc import Sequence

import duckdb

from pipelines.contracts.model import Table
from pipelines.errors import PublishError

_PERSON_COLUMN = re.compile(
    r"(^|_)(person_id|position_id|employee|ansatt|national_id|fodselsnummer|birth|pseudonym)"
)
_HIDDEN_COLUMN = re.compile(
    r"^(value|numerator|denominator|difference|seasonal_difference|effect|n_persons)(_|$)"
)
# an 11-digit number standing alone, with or without the usual space, or one of our pseudonyms
PERSON_TEXT = r"(^|[^0-9A-Za-z])(\d{6} ?\d{5}|p_[0-9a-f]{16})([^0-9A-Za-z]|$)"
# how a table says that a row's numbers are hidden
_HIDDEN_ROW = {
    "suppression_reason": "suppression_reason is not null",
    "verdict": "verdict = 'suppressed'",
}
_METRIC_MONTHS = "fct_metric_months"
_UNSUPPRESSED = "int_metric_levels"
# persons behind each visible number, from before anything was hidden; parts of a total have
# their own limit, a complement (100 - x) has the total's
_SMALL_GROUPS = f"""
{{catalog}}.main.{_METRIC_MONTHS} as shown
left join intermediate.{_UNSUPPRESSED} as known using (level, group_id, metric_id, month)
inner join municipality.metrics as metrics using (metric_id)
cross join municipality.profile as profile
where metrics.is_about_persons
    and (shown.value is not null or shown.numerator is not null or shown.denominator is not null)
    and coalesce(known.n_persons, 0) < case
        when metrics.split_of is null or metrics.split_group is not distinct from 'complement'
            then profile.min_persons
        else profile.min_persons_split
    end
"""


def refuse_person_data(
    con: duckdb.DuckDBPyConnection, catalog: str, tables: Sequence[Table]
) -> None:
    """Refuse a new generation that could show a person or a hidden number.

    Args:
        con: The open warehouse with the new file attached.
        catalog: The name it is attached by.
        tables: The tables it holds.

    Raises:
        PublishError: Names the table, the column and the number of rows; never a value.
    """
    for table in tables:
        types = _types(con, catalog, table.name)
        _refuse_columns(table.name, types)
        _refuse_text(con, catalog, table.name, types)
        _refuse_unhidden(con, catalog, table.name, types)
    if any(table.name == _METRIC_MONTHS for table in tables):
        _refuse_small_groups(con, catalog)


def _refuse_columns(table: str, types: dict[str, str]) -> None:
    for name in types:
        if _PERSON_COLUMN.search(name):
            raise PublishError(
                f"Kolonnen {name} ser ut til å handle om enkeltpersoner.",
                where=table,
                way_out="Ta den ut av modellen og kontrakten; bare tall per enhet publiseres.",
            )


def _refuse_text(
    con: duckdb.DuckDBPyConnection, catalog: str, table: str, types: dict[str, str]
) -> None:
    for name, kind in types.items():
        if kind != "VARCHAR":
            continue
        n = _count(con, f'{catalog}.main.{table} where regexp_matches("{name}", ?)', [PERSON_TEXT])
        if n:
            raise PublishError(
                f"Kolonnen {name} har {n} rader med noe som ligner fødselsnummer eller pseudonym.",
                where=table,
                way_out="Finn kilden til teksten, og rett den før du kjører på nytt.",
            )


def _refuse_unhidden(
    con: duckdb.DuckDBPyConnection, catalog: str, table: str, types: dict[str, str]
) -> None:
    hidden = " or ".join(rule for column, rule in _HIDDEN_ROW.items() if column in types)
    numbers = [
        f'"{name}" is not null'
        for name, kind in types.items()
        if _HIDDEN_COLUMN.match(name) and kind not in {"VARCHAR", "BOOLEAN"}
    ]
    if not hidden or not numbers:
        return
    n = _count(con, f"{catalog}.main.{table} where ({hidden}) and ({' or '.join(numbers)})")
    if n:
        raise PublishError(
            f"{n} rader er merket som skjult, men viser likevel tall.",
            where=table,
            way_out="Rett skjermingen i modellen.",
        )


def _refuse_small_groups(con: duckdb.DuckDBPyConnection, catalog: str) -> None:
    known = con.execute(
        "select count(*) from duckdb_tables() where schema_name = 'intermediate'"
        " and table_name = ?",
        [_UNSUPPRESSED],
    ).fetchall()[0][0]
    if not known:
        raise PublishError(
            "Antall personer bak tallene kan ikke kontrolleres.",
            where=f"intermediate.{_UNSUPPRESSED}",
            way_out="Kjør pukk run, så bygges tabellen.",
        )
    n = _count(con, _SMALL_GROUPS.format(catalog=catalog))
    if n:
        raise PublishError(
            f"{n} tall om personer vises for grupper som er mindre enn grensen.",
            where=_METRIC_MONTHS,
            way_out="Rett skjermingen i modellen.",
        )


def _types(con: duckdb.DuckDBPyConnection, catalog: str, table: str) -> dict[str, str]:
    rows = con.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = 'main' and table_name = ?",
        [catalog, table],
    ).fetchall()
    return dict(rows)


def _count(con: duckdb.DuckDBPyConnection, source: str, params: Sequence[object] = ()) -> int:
    row = con.execute(f"select count(*) from {source}", list(params)).fetchall()[0]
    return int(row[0])
