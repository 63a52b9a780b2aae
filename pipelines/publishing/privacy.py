"""The last look before publishing: nothing about a person, nothing that was meant to be hidden.

Suppression itself is done once, where the marts are built, and each contract states which columns
it covers. This refuses a file in which it was not done: it never repairs.
"""

from collections.abc import Sequence

import duckdb

from pipelines.contracts.model import Table
from pipelines.contracts.privacy import METRIC, METRIC_PERIODS
from pipelines.contracts.to_sql import condition
from pipelines.desk.personal_identifiers import MAY_HOLD, WORDS_NB, hits_in_column
from pipelines.errors import PublishError
from pipelines.warehouse.table_sql import columns_by_table
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_METRICS = "int_metrics"
_KNOWN = {"month": "int_metric_levels", "year": "int_metric_years"}
# the models' own count of the persons behind each number, the count printed beside it, and its
# metric's limit; a number whose metric or persons are not known is not shown. The gate before has
# judged by a count of its own (``quality.persons_behind``): what one counts wrong the other finds
_SMALL_GROUPS = """
{catalog}.main.{table} as shown
left join intermediate.{known} as known
    on shown.{level} = known.level and shown.{group} = known.group_id
    and shown.metric_id = known.metric_id and shown.{period} = known.{period}
left join intermediate.int_metrics as metrics
    on shown.metric_id = metrics.metric_id
where ({shown})
    and (
        metrics.metric_id is null
        or (metrics.is_about_persons
            and least(coalesce(known.n_persons, 0), {printed}) < metrics.min_persons)
    )
"""
_PRINTED = "n_persons_label"
# what is printed below ten says no more than that
_AS_PRINTED = f"coalesce(try_cast(replace(shown.{_PRINTED}, '<10', '9') as integer), 0)"


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
    found = columns_by_table(con, catalog)
    for table in tables:
        types = found.get(("main", table.name), {})
        _refuse_unstated(table, types)
        _refuse_text(con, catalog, table.name, types)
        _refuse_unhidden(con, catalog, table)
        _refuse_small_groups(con, catalog, table)


def _refuse_unstated(table: Table, types: dict[str, str]) -> None:
    stated = {column.name for column in table.columns if column.suppression}
    unstated = [name for name in types if name not in stated]
    if unstated:
        raise PublishError(
            say("publishing.privacy.contract_is_silent", unstated=unstated[0]),
            where=table.name,
            way_out=say("publishing.privacy.write_about_persons"),
        )


def _refuse_text(
    con: duckdb.DuckDBPyConnection, catalog: str, table: str, types: dict[str, str]
) -> None:
    for name in _suspect_columns(con, catalog, table, types):
        suspects = con.execute(
            f'select "{name}", count(*) from {catalog}.main.{table}'
            f' where regexp_matches("{name}", ?) group by 1 order by 1',
            [MAY_HOLD],
        ).fetchall()
        counts = dict(suspects)
        hits = hits_in_column(list(counts))
        if hits:
            kinds = dict.fromkeys(WORDS_NB[kind] for kind in sorted(hits.values()))
            counted = counted_nb(sum(counts[text] for text in hits), "rad", "rader")
            raise PublishError(
                say(
                    "publishing.privacy.text_looks_personal",
                    name=name,
                    counted=counted,
                    kinds=", ".join(kinds),
                ),
                where=table,
                way_out=say("publishing.privacy.find_the_source"),
            )


def _suspect_columns(
    con: duckdb.DuckDBPyConnection, catalog: str, table: str, types: dict[str, str]
) -> list[str]:
    """Return the text columns in which some text may hold an identifier: one look per table.

    The texts of a row are asked one below the other, so that the pattern is read once and not once
    for each column: in a table of few rows that is nearly all of the cost.
    """
    texts = [name for name, kind in types.items() if kind == "VARCHAR"]
    if not texts:
        return []
    below = ", ".join(f'"{name}"' for name in texts)
    suspects = con.execute(
        "select distinct place from (select"
        f" unnest([{below}]) as said, unnest(range({len(texts)})) as place"
        f" from {catalog}.main.{table}) where regexp_matches(said, $1)",
        [MAY_HOLD],
    ).fetchall()
    return [texts[place] for place in sorted(place for (place,) in suspects)]


def _refuse_unhidden(con: duckdb.DuckDBPyConnection, catalog: str, table: Table) -> None:
    for rule in table.rules:
        if rule.kind != "empty_when_hidden":
            continue
        n = _count(con, f"{catalog}.main.{table.name} where not ({condition(rule)})")
        if n:
            raise PublishError(
                say("publishing.privacy.hidden_rows_show_figures", n=counted_nb(n, "rad", "rader")),
                where=table.name,
                way_out=say("publishing.privacy.fix_suppression"),
            )


def _refuse_small_groups(con: duckdb.DuckDBPyConnection, catalog: str, table: Table) -> None:
    numbers = [column.name for column in table.columns if column.suppression == METRIC]
    if not numbers or table.scope is None:
        return
    period = next(name for name in METRIC_PERIODS if name in table.column_names)
    for model in (_KNOWN[period], _METRICS):
        if not _count(
            con,
            "duckdb_tables() where schema_name = 'intermediate' and table_name = ?",
            [model],
        ):
            raise PublishError(
                say("publishing.privacy.persons_cannot_be_checked"),
                where=f"intermediate.{model}",
                way_out=say("publishing.privacy.run_to_build"),
            )
    n = _count(
        con,
        _SMALL_GROUPS.format(
            catalog=catalog,
            table=table.name,
            known=_KNOWN[period],
            period=period,
            level=table.scope.level,
            group=table.scope.group,
            shown=" or ".join(f'shown."{name}" is not null' for name in numbers),
            printed=_AS_PRINTED if _PRINTED in table.column_names else "known.n_persons",
        ),
    )
    if n:
        raise PublishError(
            say("publishing.privacy.small_groups_shown", n=n),
            where=table.name,
            way_out=say("publishing.privacy.fix_suppression"),
        )


def _count(con: duckdb.DuckDBPyConnection, source: str, params: Sequence[object] = ()) -> int:
    row = con.execute(f"select count(*) from {source}", list(params)).fetchall()[0]
    return int(row[0])
