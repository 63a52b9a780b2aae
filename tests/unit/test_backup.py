"""A backup holds what cannot be made again, tells when it is damaged, and comes back whole."""

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.context import RunContext, read_context
from pipelines.defs.lock import run_lock
from pipelines.desk.access_log import entries
from pipelines.desk.generations import standing
from pipelines.desk.private_files import closed_to_others, is_open
from pipelines.errors import BusyError, ConfigError, DamagedError, PukkError
from pipelines.settings import Paths, Secret, Settings
from pipelines.upkeep import backup as backup_module
from pipelines.upkeep.backup import Made, backups_in, make_backup
from pipelines.upkeep.drill import drill
from pipelines.upkeep.manifest import FILE, read_manifest, write_manifest
from pipelines.upkeep.restore import chosen, restore, verified
from tests.unit.cli_home import command, linked_home


@pytest.fixture
def paths(nhs_home: Path, tmp_path: Path) -> Paths:
    return linked_home(nhs_home, tmp_path / "home")


def context(paths: Paths) -> RunContext:
    return read_context(Settings(municipality="nhs_england", home=paths.root.parent))


def taken(paths: Paths, target: Path, **how: Any) -> Made:
    with closed_to_others():
        return make_backup(
            context(paths), target, **{"with_inbox": True, "wait_s": 0, "keep": None} | how
        )


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*.*") if f.is_file()
    }


def test_what_comes_back_is_what_was_there(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    new = Settings(municipality="nhs_england", home=tmp_path / "nytt")
    with closed_to_others():
        done = restore(new, made.folder, replaces=False, key=paths.state / "pseudonym.key")
    back = Paths(done.root)
    assert not done.lacks_key
    for folder in ("landing", "records", "published", "reports", "inbox"):
        assert content_of(done.root / folder) == content_of(paths.root / folder), folder
    shown, before = standing(back.published), standing(paths.published)
    assert shown is not None
    assert before is not None
    assert shown.generation == before.generation
    assert back.warehouse.is_file()
    assert [each["action"] for each in entries(back.state, 2)] == ["restore", "backup"]
    assert not any(is_open(file) for file in (done.root, *done.root.rglob("*")))
    assert not any(is_open(file) for file in (made.folder, *made.folder.rglob("*")))


def test_keys_and_what_can_be_made_again_are_left_and_the_rest_of_state_is_not(
    paths: Paths, tmp_path: Path
) -> None:
    for name in ("dbt/manifest.json", "dagster/dagster.yaml", "dagster/runs.db"):
        (paths.state / name).parent.mkdir(exist_ok=True)
        (paths.state / name).write_text("")
    (paths.state / "noe nytt fra en senere versjon.sqlite3").write_text("x")
    names = taken(paths, tmp_path / "kopier").manifest.files
    in_state = {
        name.removeprefix("data/state/") for name in names if name.startswith("data/state/")
    }
    assert {"access_log.sqlite", "access_log.head", "dagster/dagster.yaml"} <= in_state
    assert "noe nytt fra en senere versjon.sqlite3" in in_state
    assert not [
        n for n in names if n.endswith((".key", "-wal", "run.lock", "runs.db", ".duckdb.wal"))
    ]
    assert not [n for n in names if "dbt" in n or "warehouse" in n]
    assert "configuration/municipality.yml" in names


def test_the_inbox_is_left_when_asked_and_when_it_is_anothers(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier", with_inbox=False)
    assert not [name for name in made.manifest.files if name.startswith("data/inbox")]


def test_a_database_written_meanwhile_is_copied_whole(paths: Paths, tmp_path: Path) -> None:
    file = paths.state / "follow_up.sqlite"
    with closing(sqlite3.connect(file)) as con:
        con.execute("pragma journal_mode = wal")
        con.execute("create table topics (n integer)")
        con.execute("insert into topics values (1)")
        con.commit()
        # what is committed lies in the write-ahead log, which is not copied
        assert file.with_name(f"{file.name}-wal").stat().st_size > 0
        made = taken(paths, tmp_path / "kopier")
    with closing(sqlite3.connect(made.folder / "data" / "state" / file.name)) as con:
        assert con.execute("select n from topics").fetchall() == [(1,)]


def test_a_run_that_goes_on_is_waited_for_or_told(paths: Paths, tmp_path: Path) -> None:
    begun, done = threading.Event(), threading.Event()

    def run() -> None:
        with run_lock(paths):
            begun.set()
            done.wait(10)

    running = threading.Thread(target=run)
    running.start()
    begun.wait(10)
    with pytest.raises(BusyError):
        taken(paths, tmp_path / "kopier")
    assert backups_in(tmp_path / "kopier", "nhs_england") == []
    threading.Timer(0.5, done.set).start()
    assert taken(paths, tmp_path / "kopier", wait_s=20).folder.is_dir()
    running.join()


def test_a_damaged_home_is_not_copied_over_a_good_backup(paths: Paths, tmp_path: Path) -> None:
    taken(paths, tmp_path / "kopier")
    entry = sorted(paths.records.glob("*.json"))[1]
    entry.unlink()
    with pytest.raises(DamagedError):
        taken(paths, tmp_path / "kopier", keep=1)
    assert len(backups_in(tmp_path / "kopier", "nhs_england")) == 1


def test_a_backup_killed_half_way_is_none_and_is_cleared(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    target = tmp_path / "kopier"
    monkeypatch.setattr(backup_module, "write_manifest", stopped)
    with pytest.raises(KeyboardInterrupt):
        taken(paths, target)
    assert [f.suffix for f in target.iterdir()] == [".part"]
    with pytest.raises(ConfigError):
        chosen(target, "nhs_england")
    monkeypatch.setattr(backup_module, "write_manifest", write_manifest)
    made = taken(paths, target)
    assert list(target.iterdir()) == [made.folder]


def test_only_the_newest_are_kept_and_only_the_municipalitys(paths: Paths, tmp_path: Path) -> None:
    target = tmp_path / "kopier"
    for name in ("pukk-nhs_england-20200101T000000Z", "pukk-en_annen-20200101T000000Z", "bilder"):
        (target / name).mkdir(parents=True)
    target.chmod(0o700)
    made = taken(paths, target, keep=1)
    assert made.removed == ("pukk-nhs_england-20200101T000000Z",)
    assert sorted(f.name for f in target.iterdir()) == [
        "bilder", "pukk-en_annen-20200101T000000Z", made.folder.name,
    ]  # fmt: skip


def changed(folder: Path) -> None:
    file = next((folder / "data" / "landing").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def missing(folder: Path) -> None:
    next((folder / "data" / "records").glob("*.json")).unlink()


def a_link(folder: Path) -> None:
    file = next((folder / "data" / "records").glob("*.json"))
    shutil.copy(file, folder.parent / "et annet sted")
    file.unlink()
    file.symlink_to(folder.parent / "et annet sted")


def manifest_edited(folder: Path) -> None:
    text = (folder / FILE).read_text()
    (folder / FILE).write_text(text.replace("nhs_england", "nhs_englanx", 1))


def manifest_gone(folder: Path) -> None:
    (folder / FILE).unlink()


@pytest.mark.parametrize("harm", [changed, missing, a_link, manifest_edited, manifest_gone])
def test_a_damaged_backup_is_told_and_nothing_is_brought_back(
    paths: Paths, tmp_path: Path, harm: Any
) -> None:
    made = taken(paths, tmp_path / "kopier")
    verified(made.folder)
    harm(made.folder)
    with pytest.raises(DamagedError):
        verified(made.folder)
    with pytest.raises(DamagedError):
        restore(Settings(home=tmp_path / "nytt"), made.folder, replaces=True, key=None)
    assert not (tmp_path / "nytt").exists()


def test_a_manifest_that_leads_out_of_the_backup_is_refused(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    manifest = read_manifest(made.folder)
    held = next(iter(manifest.files.values()))
    for name in ("data/../../../ut.txt", "/etc/ut.txt"):
        manifest.files[name] = held
        write_manifest(made.folder, manifest)
        with pytest.raises(DamagedError):
            read_manifest(made.folder)
        del manifest.files[name]


def test_a_home_that_is_there_is_refused_or_set_aside_whole(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    settings = Settings(municipality="nhs_england", home=paths.root.parent)
    key = tmp_path / "nokkel"
    shutil.copy(paths.state / "pseudonym.key", key)
    before = content_of(paths.root)
    with pytest.raises(ConfigError):
        restore(settings, made.folder, replaces=False, key=key)
    assert content_of(paths.root) == before
    with closed_to_others():
        done = restore(settings, made.folder, replaces=True, key=key)
    assert done.set_aside is not None
    assert content_of(done.set_aside).keys() == before.keys()
    assert content_of(paths.published) == content_of(done.set_aside / "published")


def test_other_keys_are_refused_and_a_missing_one_is_told(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    other = Settings(home=tmp_path / "nytt", pseudonym_key=Secret("en helt annen lang nokkel"))
    with pytest.raises(ConfigError):
        restore(other, made.folder, replaces=False, key=None)
    assert not (tmp_path / "nytt" / "nhs_england").exists()
    with closed_to_others():
        done = restore(Settings(home=tmp_path / "nytt"), made.folder, replaces=False, key=None)
    assert done.lacks_key
    assert not list((done.root / "state").glob("*.key"))


def test_a_drill_brings_it_back_holds_it_and_leaves_nothing(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    before = content_of(paths.root)
    settings = Settings(municipality="nhs_england", home=paths.root.parent)
    with closed_to_others(), drill(settings, made.folder, None, tmp_path / "ovelse") as (done, ctx):
        assert ctx.paths.warehouse.is_file()
        assert ctx.identity.id == "nhs_england"
        assert done.manifest.generation is not None
        assert not done.root.is_relative_to(paths.root)
    assert list((tmp_path / "ovelse").iterdir()) == []
    assert content_of(paths.root) == before


def test_a_drill_finds_an_edition_with_other_figures(paths: Paths, tmp_path: Path) -> None:
    made = taken(paths, tmp_path / "kopier")
    manifest = read_manifest(made.folder)
    write_manifest(made.folder, type(manifest)(**vars(manifest) | {"content_sha256": "0" * 64}))
    settings = Settings(municipality="nhs_england", home=tmp_path)
    with pytest.raises(DamagedError), drill(settings, made.folder, None, tmp_path / "ovelse"):
        pass


def test_a_target_in_the_home_or_too_small_is_refused(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError):
        taken(paths, paths.root / "kopier")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        backup_module.shutil, "disk_usage", lambda _: usage._replace(free=1_000_000)
    )
    with pytest.raises(PukkError):
        taken(paths, tmp_path / "kopier")
    assert list((tmp_path / "kopier").iterdir()) == []


def test_the_commands_say_what_was_done_and_where_the_key_is(
    paths: Paths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PUKK_MUNICIPALITY", "nhs_england")
    home, target = paths.root.parent, tmp_path / "kopier"
    assert command(monkeypatch, home, "backup", str(target)) == 0
    said = capsys.readouterr()
    assert "Kopiert og kontrollert" in said.out
    assert "pseudonym.key" in said.err
    assert command(monkeypatch, home, "restore", str(target), "--verify", "--json") == 0
    assert json.loads(capsys.readouterr().out)["municipality"] == "nhs_england"
    assert command(monkeypatch, home, "restore", str(target)) == 2
    assert "--replace" in capsys.readouterr().err
    assert command(monkeypatch, home, "restore", str(tmp_path / "tomt")) == 2
    monkeypatch.setenv("PUKK_MUNICIPALITY", "finnes_ikke_lenger")
    assert command(monkeypatch, home, "restore", str(target), "--drill") == 0
    assert "har samme tall" in capsys.readouterr().out
