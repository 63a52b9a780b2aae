"""Remarks on a unit and a metric: kept and logged, and seen by those who hold the unit alone."""

import sqlite3
from pathlib import Path

import pytest

from pipelines.desk.access_log import entries, verify
from pipelines.desk.follow_up import FILE_NAME, NotYoursError, topics
from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.logged import Reader
from pipelines.desk.remarks import LONGEST_REMARK, add_remark, remarks

LEADER = Reader("leder@example.no", "enhetsleder", is_limited=True)
ABOUT = ("u1", "overtime_pct")


def test_a_remark_is_kept_with_role_unit_and_metric_and_is_in_the_log(tmp_path: Path) -> None:
    add_remark(tmp_path, LEADER, ("u1",), ABOUT, "Ny turnus\nfra mai")
    add_remark(tmp_path, LEADER, ("u1",), ("u1", ""), "Flyttet i juni")
    newest, first = remarks(tmp_path, ("u1", "u2"))
    assert (newest.words, newest.metric_id) == ("Flyttet i juni", "")
    assert (first.words, first.unit_id, first.metric_id) == ("Ny turnus fra mai", *ABOUT)
    assert first.role == "enhetsleder"
    assert [(e["action"], e["subject"], e["unit"]) for e in entries(tmp_path)] == [
        ("follow_up", "remark", "u1"), ("follow_up", "remark", "u1"),
    ]  # fmt: skip
    assert verify(tmp_path).broken_at is None
    # a remark is no topic
    assert topics(tmp_path, ("u1",)) == []


def test_who_does_not_hold_the_unit_neither_says_nor_sees(tmp_path: Path) -> None:
    with pytest.raises(NotYoursError):
        add_remark(tmp_path, LEADER, ("u2",), ABOUT, "Noe")
    add_remark(tmp_path, LEADER, ("u1",), ABOUT, "Noe")
    assert remarks(tmp_path, ("u2",)) == []


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Gjelder 01010150074", PersonalTextError),
        ("Spør knordmann@kommune.no", PersonalTextError),
        ("  ", ValueError),
        ("x" * (LONGEST_REMARK + 1), ValueError),
    ],
)
def test_what_names_a_person_or_says_nothing_is_not_kept(
    tmp_path: Path, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_remark(tmp_path, LEADER, ("u1",), ABOUT, words)
    assert remarks(tmp_path, ("u1",)) == []


@pytest.mark.parametrize("change", ["update remarks set words = 'x'", "delete from remarks"])
def test_a_remark_is_never_changed_or_deleted(tmp_path: Path, change: str) -> None:
    add_remark(tmp_path, LEADER, ("u1",), ABOUT, "Noe")
    with sqlite3.connect(tmp_path / FILE_NAME) as con, pytest.raises(sqlite3.IntegrityError):
        con.execute(change)
