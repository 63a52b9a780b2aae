"""Every question through the desk is answered or refused in both languages, and logged."""

import hashlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.desk.access_log import FILE_NAME, entries, verify
from pipelines.desk.ask import ask
from pipelines.desk.logged import Reader, ask_logged, log_seen, take
from pipelines.desk.refusals import words_for
from pipelines.words.catalogue import codes
from tests.unit.test_query_sandbox import (
    BOMBS,
    CHANGE_SOMETHING,
    NOT_ONE_QUERY,
    READ_OUTSIDE,
    SHOW_WHERE_FILES_ARE,
)
from tests.word_files import codes_of

WHO = Reader("kari", "analytiker")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("publisert") / "generation-000001.duckdb"
    with duckdb.connect(file) as con:
        con.execute("create table mart_x as select i as unit_no from range(20000) t(i)")
    return file


def test_who_reads_some_units_only_gets_no_answer_and_the_refusal_is_logged(
    published: Path, tmp_path: Path
) -> None:
    leader = Reader("ola", "enhetsleder", is_limited=True)
    answer = ask_logged(tmp_path, leader, published, "from mart_x")
    assert (answer.code, answer.arrow, answer.n_rows) == ("limited_reader", b"", 0)
    assert answer.words is not None
    assert "bare stilles av dem som leser hele kommunen" in answer.words.text()
    (entry,) = entries(tmp_path)
    assert (entry["actor"], entry["outcome"]) == ("ola", "limited_reader")


def test_an_answer_says_how_many_rows_and_whether_it_was_cut(published: Path) -> None:
    answer = ask(published, "from mart_x order by unit_no")
    assert (answer.code, answer.n_rows, answer.is_cut) == ("ok", 10_000, True)
    assert pl.read_ipc_stream(answer.arrow).height == 10_000


def test_a_thousand_million_rows_are_cut_and_never_gathered(published: Path) -> None:
    started = time.perf_counter()
    answer = ask(published, "select * from range(1000000000)", max_rows=100)
    assert (answer.n_rows, answer.is_cut) == (100, True)
    assert time.perf_counter() - started < 30


def test_every_question_is_in_the_log_with_its_outcome(published: Path, tmp_path: Path) -> None:
    ask_logged(tmp_path, WHO, published, "select 1 as a")
    refused = ask_logged(tmp_path, WHO, published, "select * from read_text('/etc/passwd')")
    ask_logged(tmp_path, WHO, published, "select nei")
    assert refused.words
    assert "read_text" in refused.words.text("nb")
    assert "read_text" in refused.words.text("en")
    found = entries(tmp_path)[::-1]
    assert [(r["outcome"], r["n_rows"]) for r in found] == [
        ("ok", 1),
        ("table_function", None),
        ("failed", None),
    ]
    assert {(r["actor"], r["role"], r["generation"]) for r in found} == {
        ("kari", "analytiker", published.name)
    }


def test_files_and_pages_are_in_the_log_with_unit_period_and_rows(
    published: Path, tmp_path: Path
) -> None:
    taken = take(
        tmp_path, WHO, published, "piloter", lambda: b"a;b", kind="csv", n_rows=7, unit="u1",
        period="2017-01..2018",
    )  # fmt: skip
    take(tmp_path, WHO, published, "enhet", lambda: b"%PDF", kind="pdf", unit="u1")
    log_seen(tmp_path, WHO, published, "oversikt")
    view, report, table = entries(tmp_path)
    assert (table["action"], table["n_rows"], table["unit"], table["is_export"]) == (
        "download", 7, "u1", 1,
    )  # fmt: skip
    assert table["detail"] == f"csv sha256:{hashlib.sha256(taken).hexdigest()}"
    assert (report["action"], report["is_export"]) == ("report", 1)
    assert (view["action"], view["is_export"]) == ("view", 0)
    assert verify(tmp_path).broken_at is None


@pytest.mark.parametrize(
    ("error", "outcome"), [(PermissionError("nei"), "refused"), (OSError("full"), "failed")]
)
def test_a_file_that_is_not_made_is_in_the_log_with_its_outcome(
    published: Path, tmp_path: Path, error: Exception, outcome: str
) -> None:
    def make() -> bytes:
        raise error

    with pytest.raises(type(error)):
        take(tmp_path, WHO, published, "kommune", make, kind="pdf", unit="u1")
    (entry,) = entries(tmp_path)
    assert (entry["outcome"], entry["is_export"], entry["unit"]) == (outcome, 0, "u1")
    assert (entry["actor"], entry["detail"]) == (WHO.actor, "pdf")


def test_a_file_that_cannot_be_logged_is_not_handed_over(published: Path, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        take(tmp_path, WHO, published, "piloter", lambda: b"a;b", kind="csv")


def test_a_question_that_cannot_be_logged_is_not_answered(published: Path, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        ask_logged(tmp_path, WHO, published, "select 1 as a")


def test_every_attack_is_refused_by_the_path_the_page_takes_and_is_in_the_log(
    published: Path, tmp_path: Path
) -> None:
    attacks = [*READ_OUTSIDE, *CHANGE_SOMETHING, *SHOW_WHERE_FILES_ARE, *NOT_ONE_QUERY]
    secret = published.parent.name

    def attack(sql: str) -> tuple[str, str, bytes]:
        answer = ask_logged(tmp_path, WHO, published, sql)
        said = " ".join(map(answer.words.whole, codes())) if answer.words else ""
        return answer.code, said, answer.arrow

    with ThreadPoolExecutor(4) as pool:
        for sql, (code, said, arrow) in zip(attacks, pool.map(attack, attacks), strict=True):
            assert code in codes_of("refusal") - {"timeout", "memory", "busy"}, sql
            assert arrow == b""
            assert secret not in said
    assert len(entries(tmp_path, 1000)) == len(attacks)
    assert ask_logged(tmp_path, WHO, published, "select 1 as a").code == "ok"


def test_a_variable_of_our_own_program_is_no_table(published: Path) -> None:
    mart_of_python = pl.DataFrame({"a": [1]})
    assert mart_of_python.height == 1
    assert ask(published, "select * from mart_of_python").code == "failed"


def test_bombs_are_stopped_and_another_question_is_answered_meanwhile(
    published: Path, tmp_path: Path
) -> None:
    def bomb(sql: str) -> str:
        return ask_logged(tmp_path, WHO, published, sql, timeout_s=2).code

    with ThreadPoolExecutor(3) as pool:
        bombs = [pool.submit(bomb, sql) for sql in BOMBS[:3]]
        other = ask_logged(tmp_path, WHO, published, "select 1 as a", timeout_s=60)
        assert other.code == "ok"
        assert {b.result() for b in bombs} <= {"timeout", "memory"}


def test_the_process_ends_by_itself_when_nobody_waits_for_it(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the starter would wait for a minute: what stops it is the process' own alarm
    monkeypatch.setattr("pipelines.desk.ask._GRACE_S", 60.0)
    started = time.perf_counter()
    answer = ask(published, "select sleep_ms(60000)", timeout_s=1)
    assert answer.code in {"timeout", "failed"}
    assert time.perf_counter() - started < 30


def test_when_all_places_are_taken_the_next_is_told_to_wait(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr("pipelines.desk.ask._SLOTS", taken)
    assert ask(published, "select 1 as a", timeout_s=0.05).code == "busy"


@pytest.mark.parametrize("code", sorted(codes_of("refusal")))
def test_every_refusal_has_words_in_every_language_without_paths(code: str) -> None:
    words = words_for(code, {"name": "x", "message": 'no "/var/lib/pukk/x.duckdb"'})
    told = {language: words.text(language) for language in codes()}
    assert all(told.values())
    assert told["nb"] != told["en"]
    assert len({bool(words.way_out(language)) for language in codes()}) == 1
    assert not any("/var" in text for text in told.values())
