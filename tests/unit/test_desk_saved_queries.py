"""Kept questions: one's own and the shared, changed by the owner alone, and deletion undone."""

from pathlib import Path

import pytest

from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.saved_queries import (
    NotYoursError,
    delete,
    rename,
    restore,
    save,
    visible_to,
)


def titles(state: Path, who: str) -> list[str]:
    return [query.title for query in visible_to(state, who)]


def test_a_kept_question_is_seen_by_its_owner_and_a_shared_one_by_all(tmp_path: Path) -> None:
    save(tmp_path, "kari", "Min", "select 1", is_shared=False)
    save(tmp_path, "kari", "Delt", "select 2", is_shared=True)
    assert titles(tmp_path, "kari") == ["Delt", "Min"]
    assert titles(tmp_path, "ola") == ["Delt"]


def test_a_question_is_renamed_shared_deleted_and_brought_back(tmp_path: Path) -> None:
    made = save(tmp_path, "kari", "  Fravær   i pilotene ", "select 1", is_shared=False)
    assert titles(tmp_path, "kari") == ["Fravær i pilotene"]
    rename(tmp_path, "kari", made, "Fravær", is_shared=True)
    assert titles(tmp_path, "ola") == ["Fravær"]
    delete(tmp_path, "kari", made)
    assert titles(tmp_path, "kari") == []
    restore(tmp_path, "kari", made)
    assert titles(tmp_path, "kari") == ["Fravær"]


def test_nobody_changes_what_another_has_kept(tmp_path: Path) -> None:
    made = save(tmp_path, "kari", "Delt", "select 1", is_shared=True)
    for change in (
        lambda: delete(tmp_path, "ola", made),
        lambda: restore(tmp_path, "ola", made),
        lambda: rename(tmp_path, "ola", made, "Ny", is_shared=False),
    ):
        with pytest.raises(NotYoursError):
            change()
    assert titles(tmp_path, "kari") == ["Delt"]


@pytest.mark.parametrize(
    ("title", "sql"), [(" ", "select 1"), ("T" * 121, "select 1"), ("T", "  "), ("T", "x" * 20_001)]
)
def test_an_empty_or_endless_title_or_question_is_not_kept(
    tmp_path: Path, title: str, sql: str
) -> None:
    with pytest.raises(ValueError, match=r"title|sql"):
        save(tmp_path, "kari", title, sql, is_shared=False)
    assert visible_to(tmp_path, "kari") == []


@pytest.mark.parametrize(
    ("title", "sql"),
    [("Om 030768 12380", "select 1"), ("T", "select 1 where a = '03076812380'"),
     ("T", "from mart_x where b = 'kari.nordmann@kommune.no'")],
)  # fmt: skip
def test_a_question_that_names_a_person_is_not_kept(tmp_path: Path, title: str, sql: str) -> None:
    with pytest.raises(PersonalTextError):
        save(tmp_path, "kari", title, sql, is_shared=False)
    kept = save(tmp_path, "kari", "Fravær", "select 1", is_shared=False)
    with pytest.raises(PersonalTextError):
        rename(tmp_path, "kari", kept, "Om 03076812380", is_shared=False)
    assert titles(tmp_path, "kari") == ["Fravær"]
