"""Several municipalities in one installation: each by itself, and nothing of one for another."""

import shutil
import stat
import time
from pathlib import Path

import pytest

from pipelines.desk.programs import Program
from pipelines.errors import ConfigError
from pipelines.fleet import work
from pipelines.fleet.health import faults
from pipelines.fleet.members import KEY, Member, add_member, members
from tests.conftest import pukk

CASE = Path(__file__).parents[1] / "cases" / "_municipality"


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    return tmp_path / "fleet"


def made(fleet: Path, name: str, municipality: str | None = None, **own: str) -> Member:
    """A member whose settings are written as they are, whatever its configuration is."""
    folder = fleet / name
    for each in (folder, folder / "home", folder / "logs"):
        each.mkdir(0o700, parents=True)
    lines = {"PUKK_MUNICIPALITY": municipality or name, KEY: f"key of {name} alone"} | own
    member = Member(name, folder)
    member.settings_file.touch(0o600)
    member.settings_file.write_text("".join(f"{k}={v}\n" for k, v in lines.items()))
    return member


def test_a_municipality_gets_a_home_and_a_key_of_its_own(fleet: Path) -> None:
    one = add_member(fleet, "toten", "vestre_toten")
    two = add_member(fleet, "by", str(CASE))
    assert [m.name for m in members(fleet)] == ["by", "toten"]
    assert one.environment()[KEY] != two.environment()[KEY]
    assert one.environment()["PUKK_HOME"] == str(fleet / "toten" / "home")
    for path in (fleet, one.folder, one.home, one.settings_file):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    assert faults(members(fleet)) == {"by": [], "toten": []}
    with pytest.raises(ConfigError, match="fra før, som toten"):
        add_member(fleet, "again", "vestre_toten")
    with pytest.raises(ConfigError, match="ingenting skrives over"):
        add_member(fleet, "toten", "nhs_england")
    with pytest.raises(ConfigError, match="Navnet"):
        add_member(fleet, "../ut", "nhs_england")
    with pytest.raises(ConfigError, match="ikke i flåten"):
        members(fleet, ["gran"])
    with pytest.raises(ConfigError, match="Ingen kommuner"):
        members(fleet / "tom")


@pytest.mark.parametrize("line", ["PUKK_HOME=/tmp", "PATH=/tmp", "PUKK_FLEET=/x", "bare tekst"])
def test_what_is_no_setting_of_its_own_is_refused(fleet: Path, line: str) -> None:
    member = made(fleet, "a")
    with member.settings_file.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(ConfigError, match="ikke en innstilling"):
        member.environment()
    member.settings_file.write_text("# nothing yet\n\n")
    member.settings_file.chmod(0o640)
    with pytest.raises(ConfigError):
        member.environment()


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "COMMAND", Program("tests.fleet_child", "", ""))


@pytest.mark.usefixtures("child")
def test_each_is_given_its_own_settings_and_nothing_of_another(
    fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "the operator's own key")
    monkeypatch.setenv("PUKK_ACCESS", "/the/operators/access.yml")
    one, two = made(fleet, "a", PUKK_ACCESS="/a/access.yml"), made(fleet, "b")
    done = work.run_for([one, two], ["run", "--json"], workers=2)
    assert [(d.name, d.code, d.said["words"]) for d in done] == [
        ("a", 0, ["run", "--json"]), ("b", 0, ["run", "--json"])
    ]  # fmt: skip
    given = {d.name: d.said["environment"] for d in done}
    assert given["a"]["PUKK_ACCESS"] == "/a/access.yml"
    assert "PUKK_ACCESS" not in given["b"]
    assert given["b"][KEY] == "key of b alone"
    assert "operator" not in str(given)
    for name, other in (("a", "b"), ("b", "a")):
        assert f"key of {other}" not in str(given[name])
        assert f"/{other}/" not in given[name]["PUKK_HOME"]
        everything = [f for f in (fleet / name).rglob("*") if f.is_file()]
        assert everything
        assert all(f"key of {other}" not in file.read_text() for file in everything)


@pytest.mark.usefixtures("child")
def test_one_that_fails_or_is_killed_stops_no_other(fleet: Path) -> None:
    all_of_them = [made(fleet, n, m) for n, m in (("a", "fails"), ("b", "killed"), ("c", "well"))]
    seen: list[str] = []
    done = work.run_for(all_of_them, ["run"], 1, lambda d: seen.append(d.name))
    assert [d.code for d in done] == [1, -9, 0]
    assert seen == ["a", "b", "c"]
    assert done[0].fault == "Feil inbox/a.csv Filen er tom. Gjør slik: Eksporter på nytt."
    assert done[0].log.is_relative_to(fleet / "a")
    # the killed one is run again by itself, whatever the others did
    (fleet / "b" / "settings.env").write_text(f"PUKK_MUNICIPALITY=well\n{KEY}=key of b alone\n")
    assert work.run_for(members(fleet, ["b"]), ["run"], 3)[0].is_well


@pytest.mark.usefixtures("child")
def test_who_stops_the_fleet_stops_those_that_run_and_begins_no_more(fleet: Path) -> None:
    a, b, c = made(fleet, "a", "well"), made(fleet, "b", "slow"), made(fleet, "c", "slow")
    began = time.monotonic()

    def stop(_: work.Done) -> None:
        while not (b.home / "began").exists():
            time.sleep(0.05)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work.run_for([a, b, c], ["run"], 1, stop)
    assert time.monotonic() - began < 30
    assert not (c.home / "began").exists()


@pytest.mark.usefixtures("child")
def test_settings_that_cannot_be_read_fail_that_one_alone(fleet: Path) -> None:
    bad, good = made(fleet, "a"), made(fleet, "b")
    bad.settings_file.write_text("PUKK_HOME=/etc\n")
    done = work.run_for([bad, good], ["run"], 2)
    assert [d.is_well for d in done] == [False, True]
    assert "ikke en innstilling" in done[0].fault


@pytest.mark.usefixtures("child")
def test_a_broken_municipality_stops_neither_a_run_nor_another_that_is_added(fleet: Path) -> None:
    made(fleet, "a").settings_file.write_bytes(b"PUKK_X=\xff\n")
    made(fleet, "c", str(fleet / "borte"))
    shutil.rmtree(made(fleet, "d").logs)
    (fleet / "d" / "logs").write_text("en fil der mappen skal være")
    made(fleet, "e")
    done = work.run_for(members(fleet), ["run"], 1)
    assert [d.name for d in done if d.is_well] == ["c", "e"]
    assert "kan ikke leses" in done[0].fault
    assert "kan ikke brukes" in done[2].fault
    assert add_member(fleet, "toten", "vestre_toten").name == "toten"
    assert "kan ikke leses" in faults(members(fleet))["a"][0]


def test_the_same_municipality_in_two_folders_is_found(fleet: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        made(fleet, name, str(shutil.copytree(CASE, tmp_path / name / CASE.name)))
    assert all("samme id" in told[0] for told in faults(members(fleet)).values())


def test_what_is_shared_is_found(fleet: Path) -> None:
    made(fleet, "a", PUKK_INBOX=str(fleet / "b" / "home" / "inbox"))
    made(fleet, "b", PUKK_ACCESS=str(fleet / "access.yml"))
    made(fleet, "c", "b", PUKK_ACCESS=str(fleet / "access.yml"), **{KEY: "key of b alone"})
    (fleet / "a" / "home").chmod(0o755)
    found = {name: " ".join(told) for name, told in faults(members(fleet)).items()}
    assert "PUKK_INBOX peker på noe som er b sitt" in found["a"]
    assert "Andre kontoer har rettigheter" in found["a"]
    assert "Nøkkelen" in found["b"]
    assert "samme oppsett" in found["c"]
    assert "PUKK_ACCESS" in found["b"]
    assert "PUKK_ACCESS" in found["c"]
    assert "PUKK_ACCESS" not in found["a"]


def test_a_fleet_on_the_command_line(fleet: Path, tmp_path: Path) -> None:
    def run(*args: str) -> tuple[int, str]:
        done = pukk("fleet", *args, "--fleet", str(fleet), home=tmp_path, check=False)
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    code, told = run("list")
    assert code != 0
    assert "Ingen kommuner i flåten" in told
    assert run("add", "by", "--municipality", str(CASE))[0] == 0
    assert "by" in run("list")[1]
    code, told = run("status")
    assert (code, "nei" in told) == (0, True)
    code, told = run("run", "by")
    assert code == 1
    assert "feilet" in told
    assert list((fleet / "by" / "logs").glob("*-run.log"))
