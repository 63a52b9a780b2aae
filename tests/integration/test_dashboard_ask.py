"""Asking oneself on the example: the page, the worked questions, the terminal, the log."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboards.access import LEADERS, WHOLE_MUNICIPALITY
from dashboards.pages import PAGES
from pipelines.desk.access_log import FILE_NAME, entries
from pipelines.desk.ask import ask
from pipelines.desk.questions import questions
from pipelines.words.catalogue import codes
from tests.conftest import REPO, pukk
from tests.published import generation_file, published
from tests.shown_pages import copied, opened_view

pytestmark = pytest.mark.integration


@pytest.fixture
def open_page(
    example_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], object]:
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))
    copy = copied(example_home, tmp_path)

    def opened(language: str):
        return opened_view(copy, "ask", language)

    return opened


def run_it(page: object) -> None:
    words = {"Kjør spørringen", "Run the query"}
    next(button for button in page.button if button.label in words).click().run()


@pytest.mark.parametrize("name", list(questions()))
def test_a_worked_question_gives_rows_and_its_chart_has_its_columns(
    example_home: Path, name: str
) -> None:
    question = questions()[name]
    answer = ask(generation_file(example_home), question.sql)
    assert answer.words is None, answer.words
    assert answer.n_rows > 0
    frame = pl.read_ipc_stream(answer.arrow)
    assert {question.chart_x, question.chart_y} <= set(frame.columns)
    assert frame.schema[question.chart_y].is_numeric()


def test_there_are_enough_worked_questions_in_every_language() -> None:
    assert len(questions()) >= 12
    for question in questions().values():
        assert len({question.title(language) for language in codes()}) == len(codes())
        assert question.title().endswith("?")


@pytest.mark.parametrize(
    ("language", "title", "run"),
    [("nb", "Spør selv", "Kjør spørringen"), ("en", "Ask yourself", "Run the query")],
)
def test_a_question_is_asked_on_the_page_and_answered_with_rows_and_a_chart(
    open_page: Callable, tmp_path: Path, language: str, title: str, run: str
) -> None:
    page = open_page(language)
    assert not page.exception
    assert page.title[0].value == title
    button = next(b for b in page.button if b.label == run)
    button.click().run()
    assert not page.exception
    assert len(page.dataframe[0].value) == 7
    assert page.get("vega_lite_chart")
    (entry,) = entries(tmp_path)
    assert (entry["action"], entry["actor"], entry["n_rows"]) == ("sql", "lokal", 7)


@pytest.mark.parametrize(
    ("language", "meaning", "expected"),
    [
        ("nb", "Betydning", "Enhetens egen id, som aldri endres."),
        ("en", "Meaning", "The unit's own id, which never changes."),
    ],
)
def test_the_columns_of_a_table_are_explained_in_the_readers_language(
    open_page: Callable, language: str, meaning: str, expected: str
) -> None:
    page = open_page(language)
    (tables,) = [box for box in page.selectbox if "dim_units" in " ".join(box.options)]
    chosen = next(option for option in tables.options if option.startswith("dim_units"))
    tables.set_value(chosen.split(" – ")[0]).run()
    assert not page.exception
    explained = page.table[0].value
    assert explained[meaning].iloc[0] == expected
    assert explained[meaning].str.endswith(".").all()


def test_an_edition_from_before_the_columns_had_bokmaal_is_explained_in_english(
    open_page: Callable, tmp_path: Path
) -> None:
    with duckdb.connect(str(tmp_path / "generation-000001.duckdb")) as con:
        con.execute("alter table mart_catalogue drop column column_description_nb")
    explained = open_page("nb").table[0].value
    assert explained["Betydning"].iloc[0].startswith("Key that the rows of groups carry")


@pytest.mark.parametrize(
    "sql", ["select * from read_text('/etc/passwd')", "select * from hr.positions", "drop table x"]
)
def test_the_page_refuses_in_words_and_still_answers_the_next(
    open_page: Callable, tmp_path: Path, sql: str
) -> None:
    page = open_page("en")
    page.text_area[0].set_value(sql)
    run_it(page)
    assert not page.exception
    assert page.error[0].value == "The query gave no answer."
    assert len(page.dataframe) == 0
    page.text_area[0].set_value("select 1 as a, 2 as b")
    run_it(page)
    assert len(page.dataframe[0].value) == 1
    assert [row["outcome"] == "ok" for row in entries(tmp_path)] == [True, False]


def test_a_log_that_cannot_be_written_gives_no_answer(open_page: Callable, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 200)
    page = open_page("nb")
    run_it(page)
    assert "kunne ikke logges" in page.error[0].value
    assert len(page.dataframe) == 0


def test_a_question_is_kept_on_the_page_deleted_and_brought_back(open_page: Callable) -> None:
    page = open_page("nb")

    def press(label: str) -> None:
        next(b for b in page.button if b.label == label).click().run()
        assert not page.exception

    page.text_input[0].set_value("Min første")
    press("Lagre spørsmålet")
    assert "Min første (lagret)" in page.selectbox(key="ask_from").options
    press("Slett")
    assert "Min første (lagret)" not in page.selectbox(key="ask_from").options
    press("Angre")
    assert "Min første (lagret)" in page.selectbox(key="ask_from").options


def test_only_those_who_may_see_all_units_have_the_page() -> None:
    (page,) = [page for page in PAGES if page.code == "sporselv"]
    assert page.roles == WHOLE_MUNICIPALITY
    assert not page.roles & LEADERS


def test_the_catalogue_explains_every_published_column(example_home: Path) -> None:
    in_file = published(
        example_home,
        "select table_name, column_name, lower(data_type) from duckdb_columns()"
        " where schema_name = 'main' and not internal",
    )
    told = published(
        example_home,
        "select table_name, column_name, replace(column_type, ' ', '') from mart_catalogue"
        " where column_label_nb <> '' and column_description_nb <> ''"
        " and column_description_en <> '' and column_description_nb <> column_description_en"
        " and table_description_nb <> '' and table_description_en <> ''",
    )
    assert sorted(in_file) == sorted(told)


def test_the_terminal_asks_examples_writes_files_logs_and_checks_the_log(
    example_copy: Path, tmp_path: Path
) -> None:
    listed = pukk("sql", "--examples", home=example_copy).stdout
    assert all(name in listed for name in questions())
    out = tmp_path / "ut.xlsx"
    pukk("sql", "--example", "gains_by_tool", "--format", "xlsx", "--out", str(out),
         home=example_copy)  # fmt: skip
    assert out.read_bytes().startswith(b"PK")
    unknown = pukk("sql", "--example", "nei", home=example_copy, check=False)
    assert unknown.returncode == 2
    shown = json.loads(pukk("log", "show", "--json", home=example_copy).stdout)
    assert (shown[0]["role"], shown[0]["is_export"], shown[0]["outcome"]) == ("terminal", 1, "ok")
    whole = pukk("log", "verify", home=example_copy).stdout
    assert "Loggen er hel" in whole
    with sqlite3.connect(example_copy / "vestre_toten" / "state" / FILE_NAME) as con:
        con.execute("drop trigger entries_are_never_changed")
        con.execute("update entries set actor = 'en annen' where seq = 1")
    con.close()
    broken = pukk("log", "verify", home=example_copy, check=False)
    assert broken.returncode == 1
    assert "fra innføring 1" in " ".join(broken.stderr.split())


def test_the_repo_keeps_the_questions_in_one_place() -> None:
    found = [f.name for f in (REPO / "pipelines").rglob("*questions*.yml")]
    assert found == ["questions.yml"]


def test_units_over_a_figure_in_a_year_are_found_without_sql(
    open_page: Callable[[str], object], example_home: Path
) -> None:
    page = open_page("nb")
    year = next(box for box in page.selectbox if box.label == "År")
    year.set_value(2016)
    next(b for b in page.button if b.label == "Vis enhetene").click().run()
    assert not page.exception
    assert not page.error
    shown = page.dataframe[0].value
    con = duckdb.connect(str(generation_file(example_home)), read_only=True)
    months = con.execute(
        "select u.unit_name, f.numerator, f.denominator, f.value from fct_metric_months as f"
        " inner join dim_units as u on u.unit_id = f.group_id where f.level = 'unit'"
        " and f.metric_id = 'sick_leave_pct' and year(f.month) = 2016"
    ).fetchall()
    sums: dict[str, list[tuple[float, float]]] = {}
    for unit, above, below, value in months:
        if value is not None:
            sums.setdefault(unit, []).append((above, below))
    wanted = {
        unit
        for unit, rows in sums.items()
        if len(rows) == 12 and 100 * sum(a for a, _ in rows) / sum(b for _, b in rows) > 10
    }
    assert set(shown.iloc[:, 1]) == wanted
    assert wanted
