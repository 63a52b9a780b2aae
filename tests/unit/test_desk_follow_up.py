"""The leader group's list: every step is kept, and nobody sees or changes what is about others."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from pipelines.desk.access_log import entries, verify
from pipelines.desk.follow_up import (
    FILE_NAME,
    OWNER_ROLES,
    NotYoursError,
    open_topic,
    take_step,
    topics,
)
from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.logged import Reader
from pipelines.words.catalogue import codes, find

CHIEF = Reader("sjef@example.no", "kommunedirektor")
LEADER = Reader("leder@example.no", "enhetsleder", is_limited=True)
EVERY, ONE = ("u1", "u2"), ("u1",)
DUE = date(2026, 12, 1)


def taken_up(state: Path, unit: str = "u1", **more: str) -> int:
    words = {"title": "Overtid øker", "why": "Fra 2,1 til 3,0 %"} | more
    return open_topic(
        state, CHIEF, EVERY, unit_id=unit, metric_id="overtime_pct", owner_role="unit_leader",
        due_date=DUE, **words,
    )  # fmt: skip


def test_a_topic_goes_from_opened_by_acknowledged_to_done_and_back(tmp_path: Path) -> None:
    topic_id = taken_up(tmp_path)
    (opened,) = topics(tmp_path, ONE)
    assert (opened.state, opened.owner_role, opened.due_date) == ("opened", "unit_leader", DUE)
    take_step(tmp_path, LEADER, ONE, topic_id, "acknowledged")
    assert topics(tmp_path, ONE)[0].state == "acknowledged"
    take_step(tmp_path, LEADER, ONE, topic_id, "commented", words="Ny turnus fra mai")
    later = date(2027, 1, 15)
    take_step(tmp_path, CHIEF, EVERY, topic_id, "assigned", owner_role="lean_coordinator",
              due_date=later)  # fmt: skip
    (now,) = topics(tmp_path, ONE)
    # handing it on does not undo that it was seen
    assert (now.state, now.owner_role, now.due_date) == ("acknowledged", "lean_coordinator", later)
    take_step(tmp_path, LEADER, ONE, topic_id, "done")
    assert topics(tmp_path, ONE)[0].state == "done"
    take_step(tmp_path, CHIEF, EVERY, topic_id, "reopened")
    (again,) = topics(tmp_path, ONE)
    assert again.state == "opened"
    assert [step.kind for step in again.steps] == [
        "opened", "acknowledged", "commented", "assigned", "done", "reopened",
    ]  # fmt: skip
    assert again.steps[2].words == "Ny turnus fra mai"


def test_what_is_not_done_comes_first_and_then_the_nearest_date(tmp_path: Path) -> None:
    first, second = taken_up(tmp_path), taken_up(tmp_path, "u2")
    take_step(tmp_path, CHIEF, EVERY, first, "done")
    assert [topic.topic_id for topic in topics(tmp_path, EVERY)] == [second, first]


def test_only_who_holds_the_unit_sees_and_changes_its_topics(tmp_path: Path) -> None:
    topic_id = taken_up(tmp_path, "u2")
    assert topics(tmp_path, ONE) == []
    with pytest.raises(NotYoursError):
        take_step(tmp_path, LEADER, ONE, topic_id, "done")
    with pytest.raises(NotYoursError):
        open_topic(tmp_path, LEADER, ONE, unit_id="u2", metric_id="", title="Annet", why="",
                   owner_role="unit_leader", due_date=None)  # fmt: skip
    assert topics(tmp_path, EVERY)[0].state == "opened"


@pytest.mark.parametrize("text", ["Skriv til kari.nordmann@kommune.no", "Gjelder 01010150074"])
def test_nothing_that_names_a_person_is_kept(tmp_path: Path, text: str) -> None:
    with pytest.raises(PersonalTextError):
        taken_up(tmp_path, title=text)
    topic_id = taken_up(tmp_path)
    with pytest.raises(PersonalTextError):
        take_step(tmp_path, LEADER, ONE, topic_id, "commented", words=text)
    assert len(topics(tmp_path, ONE)) == 1


def test_an_empty_topic_comment_or_unknown_owner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="words"):
        taken_up(tmp_path, title=" ")
    topic_id = taken_up(tmp_path)
    with pytest.raises(ValueError, match="words"):
        take_step(tmp_path, LEADER, ONE, topic_id, "commented", words="")
    with pytest.raises(ValueError, match="owner_role"):
        take_step(tmp_path, LEADER, ONE, topic_id, "assigned", owner_role="Kari")


def test_every_step_is_logged_and_none_can_be_changed(tmp_path: Path) -> None:
    topic_id = taken_up(tmp_path)
    take_step(tmp_path, LEADER, ONE, topic_id, "done")
    logged = [(e["action"], e["subject"], e["unit"], e["role"]) for e in entries(tmp_path)]
    assert logged == [
        ("follow_up", "done", "u1", "enhetsleder"),
        ("follow_up", "opened", "u1", "kommunedirektor"),
    ]  # fmt: skip
    assert verify(tmp_path).broken_at is None
    with sqlite3.connect(tmp_path / FILE_NAME) as con, pytest.raises(sqlite3.IntegrityError):
        con.execute("delete from steps")


def test_a_step_whose_entry_cannot_be_written_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic_id = taken_up(tmp_path)

    def full(*_: object) -> int:
        raise sqlite3.OperationalError

    monkeypatch.setattr("pipelines.desk.follow_up.append", full)
    with pytest.raises(sqlite3.OperationalError):
        take_step(tmp_path, LEADER, ONE, topic_id, "done")
    with pytest.raises(sqlite3.OperationalError):
        taken_up(tmp_path, "u2")
    monkeypatch.undo()
    (kept,) = topics(tmp_path, EVERY)
    assert kept.state == "opened"
    assert [step.kind for step in kept.steps] == ["opened"]
    assert len(entries(tmp_path)) == 1


def test_every_owner_has_a_word_in_every_language() -> None:
    assert all(find(f"owner_role.{role}", code) for role in OWNER_ROLES for code in codes())
