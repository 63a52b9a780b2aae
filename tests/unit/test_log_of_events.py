"""What is done to deliveries and editions is in the log, and no kill makes the log look wrong."""

from pathlib import Path

import duckdb
import pytest

from pipelines.desk.access_log import entries, verify
from pipelines.desk.events import acting_as
from pipelines.desk.logged import Reader
from pipelines.errors import PublishError
from pipelines.ingest import set_checks
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.set_checks import Hold
from pipelines.publishing import generation as editions
from pipelines.publishing.generation import rollback
from pipelines.publishing.log_marks import log_marks
from pipelines.settings import Paths
from tests.ingest_fixture import JANUARY, position, positions
from tests.unit.publishing_town import change, publish_now


class KilledError(BaseException):
    """The process ended here."""


def killed(*_: object, **__: object) -> None:
    raise KilledError


def told(state: Path) -> list[tuple[str, str, str]]:
    return [
        (row["action"], row["generation"] or row["subject"], row["outcome"])
        for row in reversed(entries(state))
    ]


def is_whole(paths: Paths) -> bool:
    return verify(paths.state, marks=log_marks(paths).found).broken_at is None


def test_an_edition_carries_the_head_from_before_it_and_its_entry_comes_after(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    first = publish_now(con, paths)
    assert (first.log_length, first.log_head[:2]) == (0, "0:")
    change(con, "Nytt navn")
    second = publish_now(con, paths)
    assert second.log_length == 1
    names = [first.file_name, second.file_name]
    assert told(paths.state) == [("publish", name, "ok") for name in names]
    with acting_as(Reader("vakt", "terminal")):
        rollback(paths, con)
    assert told(paths.state)[-1] == ("rollback", first.file_name, "ok")
    assert entries(paths.state)[0]["actor"] == "vakt"
    assert len(log_marks(paths).found) > 4
    assert is_whole(paths)


@pytest.mark.parametrize("where", ["put_in_place", "point_to", "_log", "_record", "remove_old"])
def test_a_kill_between_publishing_and_logging_raises_no_alarm_and_is_made_good(
    con: duckdb.DuckDBPyConnection, paths: Paths, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    publish_now(con, paths)
    change(con, "Nytt navn")
    monkeypatch.setattr(editions, where, killed)
    with pytest.raises(KilledError):
        publish_now(con, paths)
    monkeypatch.undo()
    assert is_whole(paths)
    again = publish_now(con, paths)
    assert is_whole(paths)
    assert ("publish", again.file_name, "ok") in told(paths.state)


def test_an_edition_that_cannot_be_pointed_back_to_is_told_as_it_went(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    first = publish_now(con, paths)
    change(con, "Nytt navn")
    publish_now(con, paths)
    (paths.published / first.file_name).write_bytes(b"ikke en utgave")
    with pytest.raises(PublishError):
        rollback(paths, con, first.number)
    assert [outcome for action, _, outcome in told(paths.state) if action == "rollback"] == [
        "ok",
        "failed",
    ]


def test_a_delivery_held_accepted_and_withdrawn_is_told_by_its_number_and_codes_alone(
    house, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(delivered):
        return (Hold("one_row", "Filen har 1 rad.", "Be om hele filen."),)

    monkeypatch.setattr(set_checks, "_JUDGES", (judge,))
    held = house.take(JANUARY, positions(position("1")))
    with acting_as(Reader("drift", "terminal")):
        for action in ("accept", "withdraw"):
            decide_delivery(
                house.con, house.paths, action, held.delivery_id, "Sett på sammen med Kari.", "ola"
            )
    found = list(reversed(entries(house.paths.state)))
    events = [(row["action"], row["subject"], row["actor"], row["role"]) for row in found]
    assert events[1:] == [
        ("accept", held.delivery_id, "ola", "terminal"),
        ("withdraw", held.delivery_id, "ola", "terminal"),
    ]
    assert events[0][:2] == ("hold", held.delivery_id)
    assert found[0]["detail"] == "one_row"
    assert "Kari" not in str(found)
    assert is_whole(house.paths)
