"""The units and the image: they say what the programs take, with no more rights than they need."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from pipelines.cli.app import app

REPO = Path(__file__).resolve().parents[2]
DEPLOY = REPO / "pipelines" / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
PROGRAM = "/opt/pukk/.venv/bin/pukk"
MOST_EXPOSED = 2.0
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
needed = {
    "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
    "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "UMask": "0077",
    "User": "pukk", "StateDirectoryMode": "0700", "RestrictSUIDSGID": "yes",
}  # fmt: skip


def settings(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


def here(file: Path, folder: Path) -> Path:
    """Return a copy that runs what is on this machine, so that it can be verified here."""
    text = file.read_text(encoding="utf-8")
    text = text.replace(PROGRAM, "/bin/true").replace("/opt/pukk", str(REPO))
    made = folder / file.name
    made.write_text(text, encoding="utf-8")
    return made


def test_there_are_units_for_all_that_is_done_every_night() -> None:
    names = {file.stem for file in SERVICES}
    assert names == {f"pukk-{name}" for name in ("pages", "night", "backup", "notify", "watch")}
    assert {file.stem for file in TIMERS} == names - {"pukk-pages"}


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_a_unit_runs_a_command_we_have_with_no_more_than_it_needs(file: Path) -> None:
    said = settings(file)
    assert {name: said.get(name) for name in needed} == needed
    program, name, *words = said["ExecStart"].split()
    assert program == PROGRAM
    command = get_command(app).commands[name]  # type: ignore[attr-defined] # a group has commands
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known
    if name == "serve":
        assert words[words.index("--host") + 1] == "127.0.0.1"
    assert "PSEUDONYM_KEY" not in file.read_text(encoding="utf-8")
    is_alone = said.get("IPAddressDeny") == "any"
    assert is_alone is (name in ("run", "backup"))


@pytest.mark.parametrize("file", TIMERS, ids=lambda file: file.stem)
def test_a_timer_counts_in_norwegian_time(file: Path) -> None:
    at = settings(file)["OnCalendar"]
    assert at.endswith(" Europe/Oslo") or at == "*:0/15"


@needs_systemd
def test_systemd_takes_every_unit_as_it_is(tmp_path: Path) -> None:
    units = [here(file, tmp_path) for file in (*SERVICES, *TIMERS)]
    done = subprocess.run(
        [str(ANALYZE), "verify", *map(str, units)], capture_output=True, text=True, check=False
    )
    # only what it says of these: the machine's own units are not ours
    told = [line for line in done.stderr.splitlines() if "pukk-" in line]
    assert told == []
    assert done.returncode == 0


@needs_systemd
@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_a_unit_is_little_exposed(file: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--no-pager", str(here(file, tmp_path))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= MOST_EXPOSED


def test_the_example_settings_are_settings_we_read() -> None:
    lines = (DEPLOY / "pukk.env.example").read_text(encoding="utf-8").splitlines()
    named = {line.lstrip("#").split("=")[0] for line in lines if re.match(r"#?PUKK_", line)}
    read = (REPO / "pipelines" / "settings.py").read_text(encoding="utf-8").lower()
    assert named
    assert [n for n in named if n.removeprefix("PUKK_").lower() not in read] == []
    assert "PUKK_PSEUDONYM_KEY=" in lines, "the example holds no key"


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [(w, rest) for w, _, rest in (line.partition(" ") for line in joined.splitlines()) if w]


def test_the_image_is_pinned_and_runs_as_nobody_in_particular() -> None:
    found = instructions()
    known = {"ARG", "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in found} <= known
    base = next(rest for word, rest in found if word == "ARG")
    assert re.fullmatch(r"BASE=python:3\.1[123](\.\d+)?-slim-\w+", base)
    assert [rest.split()[0] for word, rest in found if word == "FROM"] == ["${BASE}", "${BASE}"]
    users = [rest for word, rest in found if word == "USER"]
    assert len(users) == 1
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[0])
    last = max(n for n, (word, _) in enumerate(found) if word == "FROM")
    assert "USER" in {word for word, _ in found[last:]}
    # libraries come by the lock with checksums, and by nothing else
    runs = " ".join(rest for word, rest in found if word == "RUN")
    assert "make .venv/runtime.stamp" in runs
    assert not re.search(r"pip install|curl|wget|chmod 777|sudo", runs)


def test_what_the_image_copies_is_there_and_no_data_is() -> None:
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY"]
    names = {name for group in copied for name in group if not name.startswith("--from")}
    assert [n for n in names - {"/opt/pukk"} if not (REPO / n).exists()] == []
    assert not names & {".", ".pukk", "tests", ".git"}
    assert {"pipelines", "dashboards", "data_contracts", "dbt_project"} <= names
