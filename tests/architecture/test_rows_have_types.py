"""A row that one room makes and another reads has a type: a wrong field name is an error.

In ``pipelines`` mypy says so. What the dashboard reads are rows of published tables, asked for
column by column: their names are the contracts', and here they are held to them.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from pipelines.contracts.model import load_contracts
from pipelines.words.sentences import SENTENCES
from tests.architecture.crossing_rows import Crossing, crossing_rows
from tests.architecture.repo import REPO, python_files, syntax

DOCUMENT = "a free document: what may stand in it is another program's, or the writer's"
ASKED = "whichever columns the caller asks for, in a query of its own"
STORED = "rows of any table of ops, as the store keeps them; the columns are OPS_TABLES'"
PUBLISHED = "rows of published tables: see the tests below"
UNTYPED = {
    # Vega-Lite
    "dashboards.charts.*": DOCUMENT,
    "dashboards.components.control.Drawing.spec": DOCUMENT,
    "dashboards.components.talk.Line.chart": DOCUMENT,
    "pipelines.words.numbers.chart_locale": DOCUMENT,
    # the provider's claims, and the settings of Streamlit and of the login
    "dashboards.access.viewer_for": DOCUMENT,
    "dashboards.components.reader.note_login": DOCUMENT,
    "dashboards.identity.*": DOCUMENT,
    "dashboards.provider.*": DOCUMENT,
    "dashboards.server.settings": DOCUMENT,
    # YAML and JSON
    "pipelines.contracts.shapes.Rule.params": DOCUMENT,
    "pipelines.contracts.to_expectations.ExpectationSpec.kwargs": DOCUMENT,
    "pipelines.contracts.yaml_file.read_yaml": DOCUMENT,
    "pipelines.effects.model.kept_files.*": DOCUMENT,
    "pipelines.evidence.*": DOCUMENT,
    "pipelines.ingest.tried.Trial.as_dict": DOCUMENT,
    "pipelines.words.catalogue.*": DOCUMENT,
    "pipelines.words.said.Words.values": DOCUMENT,
    "dashboards.marts.description": DOCUMENT,
    "dashboards.components.asking.Asked.records": ASKED,
    "dashboards.context.Context.rows": ASKED,
    "dashboards.marts.read": ASKED,
    "pipelines.publishing.contents.read_rows": ASKED,
    "pipelines.warehouse.rows.rows_of": ASKED,
    "pipelines.warehouse.left_out.in_words": ASKED,
    "pipelines.effects.tables.metric_rows.counted": ASKED,
    "pipelines.ingest.rewriting.commit": STORED,
    "pipelines.retention.*": STORED,
    "pipelines.warehouse.records.*": STORED,
    "pipelines.warehouse.replay.*": STORED,
    "dashboards.components.*": PUBLISHED,
    "dashboards.reports.*": PUBLISHED,
    "pipelines.desk.comparing.Compared.rows": PUBLISHED,
    "pipelines.words.sentences.Sentence.*": PUBLISHED,
    "pipelines.words.told_rows.Metric.of": PUBLISHED,
    "pipelines.words.verdict_class.Judged.of": PUBLISHED,
}
DRAWN = ("views", "components", "charts", "reports")
NO_COLUMNS = frozenset(
    {
        *("at", "actor", "role"),  # an entry of the access log, typed
        *("caveat", "pitfall"),  # words of a pitfall, beside its row
        *("file", "generation", "iat", "sha256", "sub"),  # a session's state, an edition, a login
        *("head", "items", "sections", "tables", "time"),  # a report's parts, a chart's axis
    }
)


@pytest.fixture(scope="module")
def crossing() -> list[Crossing]:
    return crossing_rows()


def test_no_untyped_row_crosses_to_another_room(crossing: list[Crossing]) -> None:
    untyped = [
        f"{each.name} -> {', '.join(sorted(each.rooms))}"
        for each in crossing
        if not any(fnmatch(each.name, pattern) for pattern in UNTYPED)
    ]
    assert untyped == []


def test_what_may_cross_untyped_does(crossing: list[Crossing]) -> None:
    assert [p for p in UNTYPED if not any(fnmatch(each.name, p) for each in crossing)] == []


def test_every_field_the_dashboard_reads_is_a_published_column() -> None:
    columns = {name for table in _published().values() for name in table}
    read, made = dict[str, str](), set[str]()
    for place, tree in _drawn():
        made |= set(_made(tree))
        read |= {name: f"{place}:{line}" for name, line in _read(tree)}
    # a row that is told has its sentences under their names
    made |= {name for _, name in SENTENCES}
    wrong = {n: place for n, place in read.items() if n not in columns | made | NO_COLUMNS}
    assert wrong == {}


def test_every_column_the_dashboard_asks_a_table_for_is_there() -> None:
    published, asked = _published(), 0
    for place, tree in _drawn():
        for node in ast.walk(tree):
            if _is_question(node):
                table = node.args[0].value
                for name in _literals(node.args[1]):
                    asked += 1
                    assert name in published[table], f"{place}:{node.lineno}: {table}.{name}"
    assert asked > LEAST_ASKED


LEAST_ASKED = 100


def _published() -> dict[str, set[str]]:
    return {
        table.name: set(table.column_names)
        for contract in load_contracts(kind="products").values()
        for table in contract.tables.values()
    }


def _drawn() -> Iterator[tuple[str, ast.Module]]:
    for file in python_files(*(f"dashboards/{room}" for room in DRAWN)):
        yield str(file.relative_to(REPO)), syntax(file)


def _literals(node: ast.AST) -> list[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else []
    return [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]


def _is_question(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "rows"
        and len(node.args) > 1
        and isinstance(node.args[0], ast.Constant)
    )


def _made(tree: ast.Module) -> Iterator[str]:
    """Names that the dashboard itself gives a field."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (k.value for k in node.keys if isinstance(k, ast.Constant))
        is_given = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        if is_given and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def _read(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names looked up in something that is neither the session nor the address."""
    for node in ast.walk(tree):
        key: ast.AST | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            owner, key = node.value, node.slice
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, key = node.func.value, _got(node)
        is_name = isinstance(key, ast.Constant) and isinstance(key.value, str)
        if is_name and ast.unparse(owner) not in ("st.session_state", "st.query_params"):
            yield key.value, key.lineno


def _got(node: ast.Call) -> ast.AST | None:
    is_get = isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    return node.args[0] if is_get and node.args else None
