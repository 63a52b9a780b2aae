"""Contracts kept as they were read: the same as read anew, and never used when anything changed."""

from pathlib import Path

import pytest

from pipelines.contracts import kept, model
from pipelines.contracts.kept import kept_contracts
from pipelines.contracts.model import load_contracts


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every reading of the YAML."""
    seen: list[str] = []

    def reading(*, kind: kept.Kind) -> dict:
        seen.append(kind)
        return load_contracts(kind=kind)

    monkeypatch.setattr(model, "load_contracts", reading)
    return seen


@pytest.mark.parametrize("kind", ["sources", "products"])
def test_what_is_kept_is_what_was_read(tmp_path: Path, reads: list[str], kind: kept.Kind) -> None:
    first, again = kept_contracts(kind, tmp_path), kept_contracts(kind, tmp_path)
    assert reads == [kind]
    assert repr(again) == repr(first) == repr(load_contracts(kind=kind))
    assert list(again) == list(first)


def test_another_contract_is_read(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_contracts("sources", tmp_path)
    file = tmp_path / "mine" / "sources" / f"extra{kept.SUFFIX}"
    file.parent.mkdir(parents=True)
    file.write_text("one")
    monkeypatch.setattr(kept, "CONTRACTS_DIR", tmp_path / "mine")
    kept_contracts("sources", tmp_path)
    file.write_text("two")
    kept_contracts("sources", tmp_path)
    assert len(reads) == 3


def test_what_is_kept_by_other_code_is_not_used(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_contracts("sources", tmp_path)
    monkeypatch.setattr(kept, "_reading_code", lambda: "another version")
    kept_contracts("sources", tmp_path)
    assert len(reads) == 2


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "gone"])
def test_a_damaged_file_is_not_used(tmp_path: Path, reads: list[str], damage: str) -> None:
    right = kept_contracts("sources", tmp_path)
    file = tmp_path / "contracts-sources.json"
    content = file.read_bytes()
    damaged = {"cut": content[:-100], "changed": content.replace(b"varchar", b"integer", 1)}
    file.write_bytes(damaged.get(damage, b""))
    if damage == "gone":
        file.unlink()
    assert kept_contracts("sources", tmp_path) == right
    assert len(reads) == 2


def test_nothing_is_kept_where_there_is_no_folder(tmp_path: Path, reads: list[str]) -> None:
    nowhere = tmp_path / "ingenting"
    assert kept_contracts("sources", nowhere) == kept_contracts("sources", nowhere)
    assert len(reads) == 2
    assert not nowhere.exists()
