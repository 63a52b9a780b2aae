"""A figure explained on a page within the reader's scope, and files tried there without a trace."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.access import EVERYONE, LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.context import Context
from dashboards.pages import PAGES
from dashboards.reports.common import metrics
from dashboards.reports.explained import explained_sections
from dashboards.reports.quality_checks import checks
from dashboards.reports.quality_headlines import headlines_section
from dashboards.reports.tried import tried_section
from pipelines.desk.access_log import entries
from pipelines.desk.explaining import explain_logged
from pipelines.desk.logged import Reader
from pipelines.desk.trying import MAX_FILES, MAX_MB, Tried, try_logged
from pipelines.settings import MUNICIPALITIES_DIR
from tests.shown_pages import copied, opened_view

pytestmark = pytest.mark.integration

LOTEN = MUNICIPALITIES_DIR / "loten"
ANALYST = Reader("analytiker@example.no", "analytiker")


@pytest.fixture(scope="module")
def generation(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hjem")
    (home / "published").mkdir()
    copy = copied(example_home, home / "published")
    (home / "warehouse.duckdb").symlink_to(example_home / "vestre_toten" / "warehouse.duckdb")
    (home / "state").mkdir()
    return copy


@pytest.fixture(scope="module")
def figure(generation: Path) -> tuple[str, str, str]:
    """A unit, a metric, and a month that is shown and rests on many persons."""
    with duckdb.connect(str(generation), read_only=True) as con:
        row = con.execute(
            "select group_id, metric_id, strftime(month, '%Y-%m') from fct_metric_months"
            " where level = 'unit' and metric_id = 'sick_leave_pct' and value is not null"
            " and try_cast(n_persons_label as integer) > 30 order by all limit 1"
        ).fetchone()
    assert row is not None
    return row


@pytest.fixture(scope="module")
def told(generation: Path, figure: tuple[str, str, str], tmp_path_factory) -> Any:
    state = tmp_path_factory.mktemp("state")
    found = explain_logged(state, ANALYST, generation, *figure)
    (entry,) = entries(state)
    assert (entry["subject"], entry["unit"]) == ("explain", figure[0])
    return found


def words(context: Context, told: Any) -> str:
    sections = explained_sections(context, told, metrics(context)[told.metric_id])
    cells = [cell for s in sections for t in s.tables for row in t.rows for cell in row]
    return "\n".join([*(p for s in sections for p in s.paragraphs), *cells])


def test_a_page_tells_of_a_figure_what_is_behind_it(generation: Path, told: Any) -> None:
    said = words(Context(str(generation), "nb", LOCAL_VIEWER), told)
    assert told.figure.value is not None
    assert "sick_leave.spells" in said
    assert {row.file_name for row in told.deliveries} <= set(said.split("\n"))
    assert told.deliveries
    assert "regler holdt i siste kjøring" in said
    assert told.made_from in said
    assert f"pukk explain {told.unit_id} sick_leave_pct {told.when}" in said


def test_a_leader_is_told_of_their_own_figure_and_of_nobodys_files(
    generation: Path, told: Any
) -> None:
    leader = Viewer("l@example.no", Role.UNIT_LEADER, Scope(units=(told.unit_id,)))
    said = words(Context(str(generation), "nb", leader), told)
    assert "sick_leave.spells" in said
    assert ".csv" not in said
    assert "brøt regelen" not in said


def test_a_run_that_holds_the_warehouse_takes_only_the_deliveries_away(
    generation: Path, figure: tuple[str, str, str], tmp_path: Path
) -> None:
    home = tmp_path / "hjem"
    shutil.copytree(generation.parent, home / "published")
    (home / "state").mkdir()
    found = explain_logged(home / "state", ANALYST, home / "published" / generation.name, *figure)
    assert found is not None
    assert found.figure.value is not None
    said = words(Context(str(generation), "nb", LOCAL_VIEWER), found)
    assert "En kjøring holder på" in said


@pytest.fixture
def opened(generation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))
    monkeypatch.delenv("PUKK_MUNICIPALITY", raising=False)

    def run(view: str, viewer: str = "LOCAL_VIEWER", **address: str) -> Any:
        return opened_view(generation, view, viewer=viewer, **address)

    return run


def test_the_page_opens_on_the_figure_of_the_address(
    opened: Callable[..., Any], figure: tuple[str, str, str]
) -> None:
    unit, metric, when = figure
    page = opened("explain", enhet=unit, maltall=metric, maned=when)
    assert not page.exception
    assert [each.value for each in page.header][:2] == ["Tallet", "Leveransene bak"]


def test_another_units_figure_is_not_there_for_a_leader(
    opened: Callable[..., Any], figure: tuple[str, str, str], tmp_path: Path
) -> None:
    viewer = "Viewer('l@example.no', Role.UNIT_LEADER, Scope(units=('finnes_ikke',)))"
    page = opened("explain", viewer, enhet=figure[0], maltall=figure[1], maned=figure[2])
    assert not page.exception
    assert not page.header
    assert not [e for e in entries(tmp_path) if e["subject"] == "explain"]


def test_every_headline_has_a_line_with_sources_and_how_to_look_it_up(generation: Path) -> None:
    context = Context(str(generation), "nb", LOCAL_VIEWER)
    (table,) = headlines_section(context, checks(context)).tables
    assert len(table.rows) == len(context.rows("mart_headlines", ("unit_id",)))
    sick = [row for row in table.rows if " sick_leave_pct " in row[-1]]
    assert sick
    for row in sick:
        assert "sick_leave.spells" in row[3]
        assert row[4].startswith("D")
        assert "/" in row[5]


def trial_of(state: Path, *files: tuple[str, bytes]) -> Tried:
    return try_logged(state, ANALYST, LOTEN, state / "ingen", files)


def test_a_file_is_tried_and_only_its_fingerprint_is_kept(tmp_path: Path) -> None:
    (file,) = (LOTEN / "deliveries").glob("*.csv")
    raw = file.read_bytes()
    tried = trial_of(tmp_path, (file.name, raw))
    assert tried.code == "ok"
    assert {trial.status for trial in tried.trials} == {"loaded"}
    context = Context("", "nb", LOCAL_VIEWER)
    section = tried_section(context, tried.trials[0])
    assert "ville blitt lastet" in section.heading
    assert section.tables
    # the log, and nothing else, is written
    assert {each.name.partition(".")[0] for each in tmp_path.iterdir()} == {"access_log"}
    (entry,) = entries(tmp_path)
    assert (entry["action"], entry["outcome"]) == ("try", "ok")
    assert entry["detail"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"


def test_a_file_nothing_knows_is_said_to_be_so(tmp_path: Path) -> None:
    (trial,) = trial_of(tmp_path, ("ukjent.csv", b"a;b\n1;2\n")).trials
    assert trial.status == "no_feed"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("a.csv", b"x")] * (MAX_FILES + 1), "too_many"),
        ([("a.csv", b" " * (MAX_MB * 1024 * 1024 + 1))], "too_large"),
    ],
)
def test_what_is_too_much_is_not_read(
    tmp_path: Path, files: list[tuple[str, bytes]], code: str
) -> None:
    tried = trial_of(tmp_path, *files)
    assert (tried.code, tried.trials) == (code, ())
    assert entries(tmp_path)[0]["outcome"] == code


def test_files_are_tried_by_those_who_see_to_deliveries_and_by_nobody_else() -> None:
    roles = {page.code: page.roles for page in PAGES}
    assert roles["prov"] == {Role.ANALYST, Role.LOCAL}
    assert roles["forklar"] == EVERYONE


def test_the_page_says_when_it_does_not_know_how_files_are_read(
    opened: Callable[..., Any],
) -> None:
    page = opened("trying")
    assert not page.exception
    assert "PUKK_MUNICIPALITY" in page.info[0].value
