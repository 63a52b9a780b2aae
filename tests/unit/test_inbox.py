"""What counts as a file in the inbox, and that every part of the house counts the same."""

import os
from pathlib import Path

import pytest

from pipelines.defs.context import RunContext
from pipelines.ingest.inbox import inbox_files, present_sha256, unfinished_files
from pipelines.municipality.identity import read_identity
from pipelines.settings import Paths, Settings

UNFINISHED = (
    *("hr.csv.part", "~$hr.xlsx", "ny/hr.csv.filepart", "hr.csv.crdownload", "hr.tmp"),
    *("hr.csv~", "~WRL0001.docx", "hr.csv:Zone.Identifier", "hr.csv.uploading", "hr.csv.swp"),
)
NO_DELIVERY = (
    *(".skjult.csv", ".DS_Store", "Thumbs.db", "ny/desktop.ini", ".mappe/hr.csv"),
    *("__MACOSX/hr.csv", "Icon\r"),
)


@pytest.fixture
def ctx(tmp_path: Path) -> RunContext:
    paths = Paths(tmp_path / "Østre Å [1]").create()
    return RunContext(Settings(), read_identity("nhs_england"), paths)


def lay(ctx: RunContext, name: str, content: bytes = b"a") -> Path:
    file = ctx.paths.inbox / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def test_what_is_unfinished_or_hidden_changes_nothing(ctx: RunContext) -> None:
    lay(ctx, "hr.csv")
    before = ctx.run_fingerprint(), present_sha256(ctx.paths)
    for name in (*UNFINISHED, *NO_DELIVERY):
        lay(ctx, name, b"b")
    assert [file.name for file in inbox_files(ctx.paths)] == ["hr.csv"]
    assert (ctx.run_fingerprint(), present_sha256(ctx.paths)) == before
    assert [file.name for file in unfinished_files(ctx.paths)] == sorted(UNFINISHED)


def test_a_delivery_of_another_name_or_content_is_another_fingerprint(ctx: RunContext) -> None:
    seen = {ctx.run_fingerprint()}
    file = lay(ctx, "hr.csv")
    seen.add(ctx.run_fingerprint())
    file.write_bytes(b"c")
    seen.add(ctx.run_fingerprint())
    file.rename(file.with_name("lønn.csv"))
    seen.add(ctx.run_fingerprint())
    assert len(seen) == 4


def test_no_inbox_is_an_empty_inbox(tmp_path: Path) -> None:
    assert inbox_files(Paths(tmp_path / "ingenting")) == []


def test_a_file_that_goes_away_while_we_look_is_not_there(ctx: RunContext) -> None:
    file = lay(ctx, "hr.csv")
    (found,) = inbox_files(ctx.paths)
    file.unlink()
    assert found.sha256() is None


def test_names_are_text_whatever_bytes_they_were_written_with(ctx: RunContext) -> None:
    # e-mail from a Mac writes letters in parts; an old archive writes Latin-1
    lay(ctx, "frava\u0308r.csv")
    (ctx.paths.inbox / os.fsdecode(b"l\xf8nn.csv")).write_bytes(b"x")
    assert [file.name for file in inbox_files(ctx.paths)] == ["fravär.csv", "l\\xf8nn.csv"]
    assert len(present_sha256(ctx.paths)) == 2
