"""What each of dbt's tables was last computed from, so that a night computes what is new.

A row of ``ops.computed`` says what a table, a view or a source holds (a hash of its rows, in any
order) and what it was computed from: its own SQL, and the content of what that reads. dbt's
materializations write it in the transaction that replaces the table (``macros/materializations``),
so it is true also after a run that was killed. The rows may be lost: then everything is computed.
Which of dbt's nodes that means is decided in ``pipelines.defs.to_compute``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.warehouse.table_sql import OpsTable
from pipelines.warehouse.transaction import transaction

COMPUTED_TABLES: dict[str, OpsTable] = {
    "computed": OpsTable(
        "What each computed table holds and was computed from; lost, all is computed anew.",
        {
            "name": ("varchar not null", "The table, view or source."),
            "code": ("varchar", "Fingerprint of its SQL, or of a seed's file."),
            "project": ("varchar", "Fingerprint of the project it was last held against."),
            "inputs": ("varchar", "Fingerprint of the content it was computed from."),
            "content": ("varchar", "Its rows: how many, their hash in any order, and the columns."),
        },
    ),
    "computed_from": OpsTable(
        "What each computed table reads, with the views between.",
        {
            "name": ("varchar not null", "The table or view."),
            "input": ("varchar not null", "A table, view or source it reads."),
        },
    ),
}

# the same words as in macros/materializations/computed.sql, where dbt writes them
_CONTENT = """
    select count(*) || ' ' || coalesce(sum(hash(t)), 0) || ' '
        || (select md5(any_value(typeof(s))) from (select 1) left join {table} as s on true)
    from {table} as t
"""
_INPUTS = """
    select
        f.name,
        case when count(*) = count(c.content)
            then md5(string_agg(f.input || ' ' || c.content, ',' order by f.input)) end as inputs
    from ops.computed_from as f
    left join ops.computed as c on f.input = c.name
    group by f.name
"""


@dataclass(frozen=True)
class Computed:
    """What is kept of one table, view or source.

    Attributes:
        code: Fingerprint of its SQL, or of a seed's file.
        project: Fingerprint of the project it was last held against.
        n_rows: The rows it had.
        is_known: Whether it is kept what it was computed from.
        is_of_now: Whether that is what its inputs hold now.
    """

    code: str | None
    project: str | None
    n_rows: int
    is_known: bool
    is_of_now: bool


def note_inputs(
    con: duckdb.DuckDBPyConnection,
    reads: Mapping[str, Iterable[str]],
    sources: Mapping[str, str],
    views: Mapping[str, str],
) -> None:
    """Keep what each table reads, and what the sources, and the views right above them, hold now.

    A view that cannot be read any more is forgotten, and so made anew.

    Args:
        con: The working warehouse.
        reads: Table or view -> what it reads.
        sources: Source's name -> the table, quoted.
        views: Name of a view that reads sources -> the view, quoted.
    """
    pairs = [(name, other) for name, inputs in reads.items() for other in sorted(inputs)]
    held = {name: content_of(con, table) for name, table in sources.items()}
    with transaction(con):
        con.execute("delete from ops.computed_from")
        con.execute(
            "insert into ops.computed_from select unnest($names), unnest($inputs)",
            {"names": [name for name, _ in pairs], "inputs": [other for _, other in pairs]},
        )
        forget_names(con, held)
        con.execute(
            "insert into ops.computed (name, content) select unnest($names), unnest($contents)",
            {"names": list(held), "contents": list(held.values())},
        )
    _note_views(con, views)


def _note_views(con: duckdb.DuckDBPyConnection, views: Mapping[str, str]) -> None:
    kept = kept_computed(con)
    now = dict(con.execute(_INPUTS).fetchall())
    held = {
        name: content_of(con, view)
        for name, view in views.items()
        if name in kept and not kept[name].is_of_now
    }
    with transaction(con):
        for name, content in held.items():
            con.execute(
                "update ops.computed set inputs = ?, content = ? where name = ?",
                [now.get(name), content, name],
            )
        forget_names(con, [name for name, content in held.items() if content is None])


def content_of(con: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """Return a fingerprint of a table's rows and columns, the same in any order of rows.

    Args:
        con: The working warehouse.
        table: The table or view, quoted.

    Returns:
        The number of rows, their hash and that of the columns; ``None`` when it is not there, or
        is a view that does not fit what it reads.
    """
    try:
        found = con.execute(_CONTENT.format(table=table)).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return None if found is None else str(found[0])


def kept_computed(con: duckdb.DuckDBPyConnection) -> dict[str, Computed]:
    """Return what is kept of each table, view and source, by its name.

    Args:
        con: The working warehouse.
    """
    rows = con.execute(
        "select c.name, c.code, c.project, coalesce(c.content, ''), c.inputs is not null,"
        f" coalesce(c.inputs = i.inputs, false) from ops.computed as c left join ({_INPUTS}) as i"
        " on c.name = i.name"
    ).fetchall()
    return {
        name: Computed(code, project, int(count) if count.isdigit() else -1, is_known, is_of_now)
        for name, code, project, content, is_known, is_of_now in rows
        for count in [content.partition(" ")[0]]
    }


def confirm_computed(con: duckdb.DuckDBPyConnection, names: Sequence[str], project: str) -> None:
    """Keep that these have been held against the project as it is, and stand.

    Args:
        con: The working warehouse.
        names: What dbt has just computed, or found to stand.
        project: Fingerprint of the dbt project and of the engine.
    """
    con.execute(
        "update ops.computed set project = $project"
        " where list_contains($names, name) and project is distinct from $project",
        {"project": project, "names": list(names)},
    )


def forget_computed(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what every table was computed from, so that the next run computes them all.

    What seeds and views are made from stays: they hold what their files say.

    Args:
        con: The working warehouse.
    """
    con.execute("update ops.computed set inputs = null")


def forget_names(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Forget all that is kept of some tables, views or sources.

    Args:
        con: The working warehouse.
        names: Their names.
    """
    con.execute("delete from ops.computed where list_contains(?, name)", [list(names)])
