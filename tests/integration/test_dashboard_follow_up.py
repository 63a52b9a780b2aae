"""The leader group's list on the page: whose topics are seen, and what a form may hold."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.desk.follow_up import open_topic, topics
from pipelines.desk.logged import Reader
from tests.shown_pages import copied, opened_view

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.integration
LEADER = 'Viewer("leder", Role.UNIT_LEADER, Scope(units=("u0312",)))'
UNITS = ("u0312", "u0410")
Open = Callable[[str], "AppTest"]


@pytest.fixture(scope="module")
def file(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(example_home, tmp_path_factory.mktemp("list"))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PUKK_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def open_page(file: Path, state: Path) -> Open:
    def opened(viewer: str) -> "AppTest":
        return opened_view(file, "follow_up", viewer=viewer)

    return opened


def taken_up(state: Path, unit_id: str, title: str) -> None:
    open_topic(
        state, Reader("sjef@example.no", "kommunedirektor"), UNITS, unit_id=unit_id, metric_id="",
        title=title, why="", owner_role="unit_leader", due_date=None,
    )  # fmt: skip


def test_a_leader_sees_and_opens_topics_of_their_own_unit_alone(
    state: Path, open_page: Open
) -> None:
    taken_up(state, "u0312", "Egen sak")
    taken_up(state, "u0410", "Andres sak")
    page = open_page(LEADER)
    assert "Andres sak" not in str(page)
    (topic,) = page.expander
    assert topic.label.startswith("Egen sak")
    assert len(page.selectbox(key="follow_unit_").options) == 1


def test_what_is_written_is_shown_as_it_stands(state: Path, open_page: Open) -> None:
    taken_up(state, "u0312", "[x](javascript:alert(1)) <b>fet</b>")
    (topic,) = open_page(LEADER).expander
    assert "[x](" not in topic.label
    assert "<b>" not in topic.label.replace("\\<", "")


def test_a_form_without_a_unit_says_so_and_keeps_nothing(state: Path, open_page: Open) -> None:
    page = open_page("LOCAL_VIEWER")
    page.text_input[0].input("Overtid")
    next(b for b in page.button if b.label == "Ta opp").click().run()
    assert not page.exception
    assert [told.value for told in page.warning] == [
        "Skriv hva det gjelder, og velg en enhet og en eier."
    ]
    assert topics(state, UNITS) == []
