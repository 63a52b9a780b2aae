"""What the program is made of is written from the lock; a look that saw nothing says so."""

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import PukkError
from pipelines.upkeep.advisories import look_up
from pipelines.upkeep.locked import RUNTIME, Pin, pins_of
from pipelines.upkeep.sbom import bill_of_materials
from tests.unit.cli_home import command

NOW = datetime.now(UTC)
PIN = Pin("noe-pakke", "1.5.0", ("a" * 64,))


def advisory(**changed: Any) -> dict[str, Any]:
    events = [{"introduced": "1.0"}, {"fixed": "1.6"}]
    package = {"ecosystem": "PyPI", "name": "Noe_Pakke"}
    return {
        "id": "OSV-1",
        "modified": NOW.isoformat().replace("+00:00", "Z"),
        "summary": "Leser for mye.",
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    } | changed


def database(folder: Path, *advisories: dict[str, Any]) -> Path:
    file = folder / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for n, each in enumerate(advisories):
            archive.writestr(f"OSV-{n}.json", json.dumps(each))
    return file


def in_range(*events: dict[str, str]) -> dict[str, Any]:
    package = {"ecosystem": "PyPI", "name": "noe-pakke"}
    return advisory(
        affected=[{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}]
    )


def test_the_bill_names_every_locked_package_with_its_checksums() -> None:
    pins = pins_of()
    text = bill_of_materials(pins, "1.0")
    bill = json.loads(text)
    locked = re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", RUNTIME.read_text(encoding="utf-8"), re.M)
    assert sorted((c["name"], c["version"]) for c in bill["components"]) == sorted(locked)
    assert len(locked) > 100
    assert all(c["hashes"] for c in bill["components"])
    assert {h["alg"] for c in bill["components"] for h in c["hashes"]} == {"SHA-256"}
    refs = [c["bom-ref"] for c in bill["components"]]
    assert len(set(refs)) == len(refs)
    assert bill["dependencies"][0]["dependsOn"] == refs
    assert "://" not in text
    assert text == bill_of_materials(list(reversed(pins)), "1.0")
    assert bill["serialNumber"] not in bill_of_materials(pins[1:], "1.0")


def test_a_lock_without_checksums_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("noe==1.0\n")
    with pytest.raises(ValueError, match=r"lock\.txt"):
        pins_of(lock)
    lock.write_text("# ingenting\n")
    with pytest.raises(ValueError, match=r"lock\.txt"):
        pins_of(lock)


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "1.5.0"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5.1"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.5.0"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.4.9"}], False),
        ([{"introduced": "1.5.1"}], False),
        ([{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "1.4"}, {"fixed": "1.10"}], True),
        ([{"introduced": "0"}, {"fixed": "1.5.0"}, {"introduced": "1.5.0"}], True),
        ([{"introduced": "0"}, {"limit": "*"}], True),
        ([{"introduced": "0"}, {"limit": "1.5.0"}], False),
        ([{"fixed": "1.6"}], True),
        ([], True),
        # a bound that is no version hides nothing
        ([{"introduced": "0"}, {"fixed": "neste versjon"}], True),
        ([{"introduced": "i fjor"}, {"fixed": "1.6"}], True),
        ([{"introduced": "i fjor"}, {"fixed": "1.2"}], True),
        ([{"introduced": "0"}, {"last_affected": "d34db33f"}], True),
        ([{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "i fjor"}, {"fixed": "1.8"}], True),
    ],
)
def test_a_version_is_in_a_range_or_not(
    tmp_path: Path, events: list[dict[str, str]], hit: bool
) -> None:
    looked = look_up([PIN], database(tmp_path, in_range(*events)), NOW)
    assert bool(looked.found) is hit


def test_what_is_found_says_which_and_what_mends_it(tmp_path: Path) -> None:
    named = advisory(id="OSV-2", affected=[
        {"package": {"ecosystem": "PyPI", "name": "noe.pakke"}, "versions": ["1.5.0"]},
        {"package": {"ecosystem": "npm", "name": "noe-pakke"}, "versions": ["1.5.0"]},
    ])  # fmt: skip
    withdrawn = advisory(id="OSV-3", withdrawn=NOW.isoformat())
    looked = look_up([PIN], database(tmp_path, advisory(), named, withdrawn), NOW)
    assert [each.advisory_id for each in looked.found] == ["OSV-1", "OSV-2"]
    assert looked.found[0].fixed_in == ("1.6",)
    assert looked.n_advisories == 3


def test_a_bound_that_is_no_version_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = database(tmp_path, in_range({"introduced": "0"}, {"fixed": "neste versjon"}))
    (found,) = look_up([PIN], given, NOW).found
    assert (found.fixed_in, found.doubts) == (("neste versjon",), ("neste versjon",))
    locked = advisory(affected=[
        {"package": {"ecosystem": "PyPI", "name": "duckdb"},
         "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "snart"}]}]},
    ])  # fmt: skip
    given = database(tmp_path, locked)
    assert command(monkeypatch, tmp_path, "audit", "--advisories", str(given)) == 3
    assert "ingen versjon (snart)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("affected", "hit"),
    [
        ({"versions": ["1.5"]}, True),
        ({"versions": ["1.4", "ukjent"]}, False),
        ({}, True),
        ({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, True),
        (
            {"versions": ["1.4"], "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]},
            False,
        ),
        ({"ranges": [{"type": "SEMVER", "events": [{"introduced": "1.5.0"}]}]}, True),
    ],
)
def test_what_names_the_versions_in_another_way_is_no_way_past(
    tmp_path: Path, affected: dict[str, Any], hit: bool
) -> None:
    named = advisory(affected=[{"package": {"ecosystem": "PyPI", "name": "noe-pakke"}} | affected])
    assert bool(look_up([PIN], database(tmp_path, named), NOW).found) is hit


def test_a_look_that_saw_nothing_fails(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.zip"
    garbage.write_bytes(b"ikke en zip")
    half = tmp_path / "half"
    half.mkdir()
    (half / "x.json").write_text("{")
    others = advisory(affected=[{"package": {"ecosystem": "npm", "name": "noe-pakke"}}])
    old = advisory(modified=(NOW - timedelta(days=90)).isoformat())
    (tmp_path / "b").mkdir()
    for given in (
        None, tmp_path / "finnes ikke", tmp_path / "b", garbage, half,
        database(tmp_path, others), database(tmp_path / "b", old),
    ):  # fmt: skip
        with pytest.raises(PukkError, match="så ingenting"):
            look_up([PIN], given, NOW)


def test_the_commands_end_as_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PUKK_ADVISORIES", raising=False)
    assert command(monkeypatch, tmp_path, "audit") == 1
    assert "så ingenting" in capsys.readouterr().err
    clean = database(tmp_path, advisory())
    assert command(monkeypatch, tmp_path, "audit", "--all", "--advisories", str(clean)) == 0
    duck = next(pin for pin in pins_of() if pin.name == "duckdb")
    package = {"ecosystem": "PyPI", "name": "duckdb"}
    hit = advisory(affected=[{"package": package, "versions": [duck.version]}])
    found = database(tmp_path, hit)
    assert command(monkeypatch, tmp_path, "audit", "--json", "--advisories", str(found)) == 3
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1])["found"][0]["package"] == "duckdb"
    out = tmp_path / "sbom.json"
    assert command(monkeypatch, tmp_path, "sbom", "--out", str(out)) == 0
    assert json.loads(out.read_text())["bomFormat"] == "CycloneDX"
