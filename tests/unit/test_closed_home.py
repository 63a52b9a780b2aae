"""Nothing under PUKK_HOME is left open to others; what cannot be closed is said, not hidden."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.defs.closed import close_home, refuse_open_home, what_is_open
from pipelines.defs.context import RunContext, load_context
from pipelines.defs.lock import run_lock
from pipelines.desk import private_files
from pipelines.desk.private_files import OpenPath, closed_to_others, write_for_the_user
from pipelines.errors import ConfigError
from pipelines.ingest.pseudonyms import load_or_create_key
from pipelines.settings import Settings
from tests.unit.cli_home import Home


@pytest.fixture(autouse=True)
def _generous(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # the worst a machine can be set up with: all that is made is open to all. A test before this
    # one may have made the whole process a closed one
    monkeypatch.setattr(private_files, "_the_users", [])
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def ctx(tmp_path: Path) -> RunContext:
    return load_context(Settings(municipality="nhs_england", home=tmp_path / "home"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_under(root: Path) -> list[Path]:
    return [p for p in (root, *root.rglob("*")) if mode(p) & 0o077]


def stood_before(ctx: RunContext) -> list[Path]:
    """Fill the folders as an edition from before left them."""
    root = ctx.paths.root
    for folder in ("inbox/lonn", "landing/D000001", "records", "reports", "published", "state/dbt"):
        (root / folder).mkdir(parents=True)
    names = (
        "inbox/lonn/ansatte.csv", "landing/D000001/rows.parquet", "records/00000001-delivery.json",
        "reports/quality-1.html", "published/generation-000001.duckdb", "state/dbt/manifest.json",
        "state/access_log.sqlite", "warehouse.duckdb", "state/run.lock",
    )  # fmt: skip
    for name in names:
        (root / name).write_text("x")
    (root / "state" / "tool.sh").touch(0o755)
    return open_under(root)


def test_what_stood_before_is_closed_at_the_start_and_the_file_still_does_what_it_did(
    ctx: RunContext,
) -> None:
    assert len(stood_before(ctx)) == 20
    with run_lock(ctx.paths):
        close_home(ctx)
    assert open_under(ctx.paths.root.parent) == []
    assert mode(ctx.paths.warehouse) == 0o600
    assert mode(ctx.paths.landing) == 0o700
    assert ctx.paths.warehouse.read_text() == "x"


def test_what_is_made_under_the_lock_is_closed_whoever_makes_it(ctx: RunContext) -> None:
    with run_lock(ctx.paths):
        (ctx.paths.state / "made").mkdir()
        (ctx.paths.state / "made" / "file").write_text("x")
    assert open_under(ctx.paths.root.parent) == []
    assert os.umask(0) == 0


def test_an_inbox_elsewhere_and_what_links_lead_to_are_left_as_they_are(tmp_path: Path) -> None:
    theirs = tmp_path / "felles"
    theirs.mkdir()
    (theirs / "uttrekk.csv").write_text("x")
    settings = Settings(municipality="nhs_england", home=tmp_path / "home", inbox=theirs)
    ctx = load_context(settings)
    stood_before(ctx)
    (ctx.paths.root / "inbox" / "lenke.csv").symlink_to(theirs / "uttrekk.csv")
    (ctx.paths.root / "inbox" / "mappe").symlink_to(theirs)
    close_home(ctx)
    assert mode(theirs) == 0o777
    assert mode(theirs / "uttrekk.csv") == 0o666
    refuse_open_home(ctx.paths)


def test_our_own_folder_on_another_disk_is_ours_there_too(ctx: RunContext, tmp_path: Path) -> None:
    big = tmp_path / "stor-disk"
    big.mkdir()
    (big / "rows.parquet").write_text("x")
    ctx.paths.root.mkdir(parents=True)
    ctx.paths.landing.symlink_to(big)
    with pytest.raises(ConfigError, match=r"go-rwx .*/landing/"):
        refuse_open_home(ctx.paths)
    close_home(ctx)
    assert open_under(big) == []


def test_a_home_behind_a_link_is_closed_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    ctx = load_context(Settings(municipality="nhs_england", home=tmp_path / "home"))
    stood_before(ctx)
    close_home(ctx)
    assert open_under(tmp_path / "disk") == []


def test_a_folder_that_holds_more_than_municipalities_keeps_its_own_mode(ctx: RunContext) -> None:
    home = ctx.paths.root.parent
    home.mkdir()
    (home / "notater.txt").write_text("x")
    close_home(ctx)
    assert mode(home) == 0o777
    assert mode(home / "notater.txt") == 0o666
    assert open_under(ctx.paths.root) == []


def test_check_says_what_is_open_and_how_to_close_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home", monkeypatch)
    home.paths.create()
    assert home.pukk("check") == 0
    assert "Ingen andre på maskinen kan lese" in capsys.readouterr().out
    home.paths.warehouse.write_text("x")
    assert home.pukk("check") == 2
    said = capsys.readouterr().err
    assert "Én fil eller mappe kan leses eller endres av andre" in said
    assert f"chmod -R go-rwx {home.paths.root}/" in said
    assert mode(home.paths.warehouse) == 0o666
    home.paths.warehouse.chmod(0o600)
    (home.paths.inbox / "nettopp_levert.csv").write_text("x")
    assert home.pukk("check") == 0


def test_real_data_that_cannot_be_closed_stops_and_an_example_is_told_of(
    ctx: RunContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # a shared disk: chmod is accepted and changes nothing
    monkeypatch.setattr(Path, "chmod", lambda *_, **__: None)
    stood_before(ctx)
    assert [found.is_reachable for found in what_is_open(ctx.paths)] == [True] * 20
    with pytest.raises(ConfigError, match=r"chown -R.*dir_mode=0700"):
        close_home(ctx)
    example = load_context(Settings(municipality="vestre_toten", home=tmp_path / "other"))
    stood_before(example)
    close_home(example)


def test_a_key_that_others_can_read_is_refused_with_the_command(ctx: RunContext) -> None:
    ctx.paths.create()
    load_or_create_key(Settings(), ctx.paths, allow_generated=True)
    (key,) = ctx.paths.state.glob("*.key")
    close_home(ctx)
    for bits in (0o640, 0o604, 0o660):
        key.chmod(bits)
        with pytest.raises(ConfigError, match=f"chmod 600 {key}"):
            close_home(ctx)
        assert mode(key) == bits
    key.chmod(0o600)
    close_home(ctx)


def test_a_file_somebody_asked_for_elsewhere_gets_the_rights_of_their_other_files(
    tmp_path: Path,
) -> None:
    os.umask(0o027)
    with closed_to_others(), closed_to_others():
        write_for_the_user(tmp_path / "svar.csv", b"x")
        (tmp_path / "ours").write_text("x")
    assert mode(tmp_path / "svar.csv") == 0o640
    assert mode(tmp_path / "ours") == 0o600


def test_what_lies_behind_a_closed_folder_is_not_within_reach(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a").chmod(0o700)
    tmp_path.chmod(0o755)
    found = list(private_files.open_paths(tmp_path))
    assert found == [OpenPath(tmp_path, True), OpenPath(tmp_path / "a" / "b", False)]
