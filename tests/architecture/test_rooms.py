"""The rooms: arrows go one way, started programs are declared, the page is as it is."""

from pathlib import Path

import pytest

from pipelines.desk.programs import DAGSTER
from tests.architecture.named_in_strings import declared, named_in, undeclared
from tests.architecture.rooms import PAGE, House, circles, figures, page, survey, upward

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def house() -> House:
    return survey()


def test_no_arrow_goes_up_and_none_in_a_circle(house: House) -> None:
    assert upward(house) == []
    assert circles(house) == []
    assert figures(house).rooms == len(set(house.rooms)) > len(house.floors)


def test_an_arrow_that_goes_up_is_found() -> None:
    floors = {"pipelines": [["pipelines.cli"], ["pipelines.ingest", "pipelines.quality"]]}
    beside, up = ("pipelines.ingest", "pipelines.quality"), ("pipelines.quality", "pipelines.cli")
    down = ("pipelines.cli", "pipelines.ingest")
    built = House(floors, {beside: 1, up: 2, down: 3})
    assert upward(built) == [beside, up]
    assert circles(built) == [["pipelines.cli", "pipelines.ingest", "pipelines.quality"]]


def test_the_page_of_the_rooms_is_as_the_house_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.architecture.rooms"


def test_no_module_of_ours_is_named_in_a_string_outside_the_declaration() -> None:
    assert undeclared() == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('run("-m", "pipelines.publishing.query_child")', ["pipelines.publishing.query_child"]),
        ('run("streamlit", "dashboards/asgi.py")', ["dashboards/asgi.py"]),
        ('load(f"{x}: pipelines.defs.event_log")', ["pipelines.defs.event_log"]),
        ('"""Of pipelines.ingest."""\nsay("python -m pipelines.contracts generate")', []),
    ],
)
def test_a_module_named_in_a_string_is_found(source: str, found: list[str]) -> None:
    assert [name for _, name in named_in(source)] == found


def test_each_declared_program_exists_and_its_starter_uses_the_declaration() -> None:
    for program in declared():
        place = REPO / program.module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), program
        starter = REPO / f"{program.started_by.replace('.', '/')}.py"
        text = starter.read_text(encoding="utf-8")
        # Dagster is told which module by workspace.yaml, which the starter hands over
        assert "pipelines.desk.programs import" in text or "workspace.yaml" in text, program
    workspace = (REPO / "workspace.yaml").read_text(encoding="utf-8")
    assert f"module_name: {DAGSTER.module}\n" in workspace
