"""What is signed for stays what was signed: the entry by the chain, the content by the entry."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli import log
from pipelines.desk.access_log import Action, Entry, append, entries, verify
from pipelines.desk.logged import Reader, log_signed, take
from pipelines.desk.signed import (
    SignedReport,
    as_signed,
    check_signed,
    comment_of,
    entry_of_file,
    signed_print,
)
from pipelines.errors import PukkError

WHO = Reader("revisor@example.no", "revisor")
EDITION = Path("generation-000001.duckdb")


@dataclass(frozen=True)
class Part:
    heading: str


def report(*headings: str) -> bytes:
    return as_signed(SignedReport(EDITION.name, "ab12", "2018-04", [Part(h) for h in headings]))


CONTENT = report("Kort")


def sign(state: Path, content: bytes = CONTENT, comment: str = "Kontrollert mot arkivet.") -> Path:
    log_signed(state, WHO, EDITION, "datakvalitet", "2018-04", comment, content)
    return state / "signed" / f"{hashlib.sha256(content).hexdigest()}.json"


def test_what_is_signed_is_kept_under_the_hash_that_is_logged(tmp_path: Path) -> None:
    file = sign(tmp_path)
    assert file.read_bytes() == CONTENT
    assert file.stat().st_mode & 0o077 == 0
    (entry,) = entries(tmp_path)
    assert (signed_print(entry), comment_of(entry)) == (file.stem, "Kontrollert mot arkivet.")
    assert check_signed(tmp_path).faults == ()
    assert verify(tmp_path).broken_at is None


def test_the_same_content_is_the_same_print_and_the_order_of_its_parts_counts() -> None:
    assert report("Kort", "Å") == report("Kort", "Å")
    assert report("Kort", "Å") != report("Å", "Kort")


def test_content_that_is_changed_or_gone_is_found_with_the_entry_that_signs_it(
    tmp_path: Path,
) -> None:
    first, second = sign(tmp_path), sign(tmp_path, report())
    first.write_bytes(CONTENT.replace(b"Kort", b"Lang"))
    found = check_signed(tmp_path)
    assert [(fault.seq, fault.reason) for fault in found.faults] == [(1, "changed")]
    second.unlink()
    assert [fault.reason for fault in check_signed(tmp_path).faults] == ["changed", "missing"]
    with pytest.raises(PukkError, match="innføring 1, er endret siden"):
        log._hold_signed(tmp_path)


def test_what_was_signed_before_content_was_kept_stands(tmp_path: Path) -> None:
    log_signed(tmp_path, WHO, EDITION, "datakvalitet", "2018-04", "Før.")
    (entry,) = entries(tmp_path)
    assert (signed_print(entry), comment_of(entry)) == ("", "Før.")
    assert (check_signed(tmp_path).n_kept, check_signed(tmp_path).faults) == (0, ())


def test_a_file_that_left_is_known_again_and_an_edited_one_is_not(tmp_path: Path) -> None:
    content = take(tmp_path, WHO, EDITION, "datakvalitet", lambda: b"%PDF tall 12", kind="pdf")
    entry = entry_of_file(tmp_path, hashlib.sha256(content).hexdigest())
    assert entry is not None
    assert entry["actor"] == WHO.actor
    assert entry_of_file(tmp_path, hashlib.sha256(b"%PDF tall 13").hexdigest()) is None
    assert entry_of_file(tmp_path / "tom", hashlib.sha256(content).hexdigest()) is None


def test_a_hash_somebody_wrote_in_a_question_vouches_for_nothing(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"forfalsket").hexdigest()
    written: list[tuple[Action, str]] = [
        ("sql", f"select 1 -- sha256:{sha256}"),
        ("sql", f"csv sha256:{sha256}"),
        ("download", f"csv av sha256:{sha256}"),
    ]
    for action, detail in written:
        append(tmp_path, Entry("kari", "analytiker", action, "sql", is_export=True, detail=detail))
    assert entry_of_file(tmp_path, sha256) is None
    take(tmp_path, WHO, EDITION, "tabell", lambda: b"forfalsket", kind="csv")
    assert entry_of_file(tmp_path, sha256) is not None
