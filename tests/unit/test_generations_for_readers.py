"""Which generation readers are given when the pointer or a file is not whole, and what is said."""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.desk import generations
from pipelines.desk.generations import Generation, has_remains, name_of, read_description, standing
from pipelines.desk.standing_words import words_about


def lay(folder: Path, number: int, content: bytes | None = None) -> dict[str, Any]:
    content = content or f"utgave {number}".encode() * 100
    (folder / name_of(number)).write_bytes(content)
    told = {
        "generation": number,
        "file": name_of(number),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "content_sha256": "c",
        "published_at": "2026-11-22T01:15:00+00:00",
        "run_id": "r",
        "input_fingerprint": f"f{number}",
    }
    (folder / name_of(number)).with_suffix(".json").write_text(json.dumps(told))
    (folder / "current.json").write_text(json.dumps(told))
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in (1, 2, 3):
        lay(tmp_path, number)
    return tmp_path


def shown(folder: Path) -> tuple[int, int | None, str] | None:
    now = standing(folder)
    return (now.generation.number, now.wanted, now.reason) if now else None


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def test_all_well_is_what_the_pointer_names_without_a_word(folder: Path) -> None:
    assert shown(folder) == (3, 3, "")
    now = standing(folder)
    assert now is not None
    assert words_about(now) is None


@pytest.mark.parametrize(
    ("damage", "reason"), [(flip, "file_damaged"), (cut, "file_damaged"), (Path.unlink, "")]
)
def test_a_damaged_file_gives_the_newest_whole_one_before_it(
    folder: Path, damage: Callable[[Path], None], reason: str
) -> None:
    damage(folder / name_of(3))
    assert shown(folder) == (2, 3, reason or "file_missing")
    flip(folder / name_of(2))
    assert shown(folder) == (1, 3, reason or "file_missing")
    flip(folder / name_of(1))
    assert shown(folder) is None
    assert has_remains(folder)


def test_a_file_that_is_damaged_after_it_was_opened_is_found_even_with_its_old_time(
    folder: Path,
) -> None:
    assert shown(folder) == (3, 3, "")
    file = folder / name_of(3)
    before = file.stat()
    flip(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert shown(folder) == (2, 3, "file_damaged")
    flip(file)
    assert shown(folder) == (3, 3, "")


def test_the_hash_is_computed_once_per_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    digest = hashlib.file_digest
    monkeypatch.setattr(
        generations.hashlib, "file_digest", lambda s, name: read.append(s.name) or digest(s, name)
    )
    assert [shown(folder) for _ in range(3)] == [(3, 3, "")] * 3
    assert len(read) == 1
    assert standing(folder, afresh=True) is not None
    assert len(read) == 2


UNREADABLE = [
    b"", b"{", b"[]", b"null", b"3", b'"x"', b"\xff\xfe", b'{"generation": 3}', b"[" * 100_000,
    b'{"generation": 3, "file": ["x"]}',
]  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_pointer_that_cannot_be_read_gives_the_newest_whole_one(
    folder: Path, content: bytes
) -> None:
    (folder / "current.json").write_bytes(content)
    assert shown(folder) == (3, None, "pointer_damaged")
    flip(folder / name_of(3))
    assert shown(folder) == (2, None, "pointer_damaged")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("generation", "3"), ("generation", True), ("generation", 2), ("size_bytes", 1.5),
        ("file", "../andre/generation-000003.duckdb"), ("file", "/etc/passwd"), ("file", None),
        ("published_at", "i går"), ("sha256", None),
    ],
)  # fmt: skip
def test_a_pointer_of_another_shape_is_no_pointer(folder: Path, key: str, value: object) -> None:
    told = lay(folder, 3)
    (folder / "current.json").write_text(json.dumps({**told, key: value}))
    assert read_description(folder / "current.json") is None
    assert shown(folder) == (3, None, "pointer_damaged")


def test_a_pointer_with_more_in_it_than_we_know_is_followed(folder: Path) -> None:
    told = lay(folder, 3)
    (folder / "current.json").write_text(json.dumps({**told, "made_by": "en nyere utgave"}))
    assert shown(folder) == (3, 3, "")


def test_a_missing_pointer_gives_the_newest_whole_one(folder: Path) -> None:
    (folder / "current.json").unlink()
    assert shown(folder) == (3, None, "pointer_missing")


def test_after_a_rollback_an_older_one_comes_before_what_was_left_behind(folder: Path) -> None:
    (folder / "current.json").write_text((folder / "generation-000002.json").read_text())
    flip(folder / name_of(2))
    assert shown(folder) == (1, 2, "file_damaged")
    flip(folder / name_of(1))
    assert shown(folder) == (3, 2, "file_damaged")


@pytest.mark.parametrize("name", ["ingenting", "en fil"])
def test_no_folder_is_nothing_published(tmp_path: Path, name: str) -> None:
    (tmp_path / "en fil").write_text("")
    assert standing(tmp_path / name) is None
    assert not has_remains(tmp_path / name)


def test_other_files_in_the_folder_are_nobodys_generation(folder: Path) -> None:
    (folder / "generation-kopi.json").write_text((folder / "generation-000003.json").read_text())
    (folder / "generation-000009.json").mkdir()
    (folder / "current.json").unlink()
    assert shown(folder) == (3, None, "pointer_missing")


def test_the_words_name_what_is_shown_and_what_should_have_been(folder: Path) -> None:
    flip(folder / name_of(3))
    now = standing(folder)
    assert now is not None
    words = words_about(now)
    assert words is not None
    assert words.text("nb") == "Filen til utgave 3 er skadet. Du ser utgave 2 i stedet."
    assert words.text("en") == "The file of edition 3 is damaged. You see edition 2 instead."
    assert words.way_out("nb")
    assert words.way_out("en")


def health(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, Any]]:
    from dashboards.server import _health

    monkeypatch.setenv("PUKK_PUBLISHED", str(folder))
    answer = asyncio.run(_health(None))  # type: ignore[arg-type] # it asks nothing of the request
    return answer.status_code, json.loads(bytes(answer.body))


def test_the_health_says_what_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert health(folder, monkeypatch) == (200, {"status": "ok", "generation": "generation-000003"})
    flip(folder / name_of(3))
    assert health(folder, monkeypatch) == (
        200,
        {
            "status": "older",
            "generation": "generation-000002",
            "reason": "file_damaged",
            "wanted": "generation-000003",
        },
    )
    for number in (1, 2):
        flip(folder / name_of(number))
    assert health(folder, monkeypatch) == (503, {"status": "damaged"})
    assert health(folder / "tom", monkeypatch) == (503, {"status": "empty"})


def test_a_description_is_what_was_published(folder: Path) -> None:
    told = read_description(folder / "generation-000001.json")
    assert isinstance(told, Generation)
    assert (told.number, told.input_fingerprint) == (1, "f1")
