"""The municipalities of a fleet: one folder each, with its own home, key, log and readers.

``<fleet>/<name>`` holds ``settings.env``, which only its owner reads, ``home`` and ``logs``. A
municipality's commands are given what stands in its own settings and nothing of another's. What is
run for them is in ``work``; what may be wrong with them is in ``health``.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.private_files import why_refused
from pipelines.errors import ConfigError, PukkError
from pipelines.municipality.identity import find_folder, read_identity
from pipelines.words.messages import say

SETTINGS = "settings.env"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LINE = re.compile(r"(PUKK_[A-Z_0-9]+)=(.*)")
_FIXED = frozenset({"PUKK_HOME", "PUKK_FLEET"})
"""What the fleet decides itself, so that no municipality can be led into another's folder."""
MUNICIPALITY, KEY = "PUKK_MUNICIPALITY", "PUKK_PSEUDONYM_KEY"
_KEY_BYTES = 32
_OWNER_ONLY = 0o700


@dataclass(frozen=True)
class Member:
    """One municipality of a fleet.

    Attributes:
        name: What it is called in the fleet; the name of its folder.
        folder: Its folder.
    """

    name: str
    folder: Path

    @property
    def home(self) -> Path:
        """Its ``PUKK_HOME``."""
        return self.folder / "home"

    @property
    def logs(self) -> Path:
        """What its commands said, one file each."""
        return self.folder / "logs"

    @property
    def settings_file(self) -> Path:
        """Its settings, a variable a line."""
        return self.folder / SETTINGS

    def environment(self) -> dict[str, str]:
        """Return what its commands are given: its own settings, and its own home.

        Raises:
            ConfigError: The file is gone, is open to others or cannot be read, or a line of it is
            no setting.
        """
        file = self.settings_file
        if not file.is_file():
            raise ConfigError(
                say("fleet.members.no_settings"),
                where=str(file),
                way_out=say("fleet.members.add_or_take_back"),
            )
        refused = why_refused(file)
        if refused:
            raise ConfigError(
                refused, where=str(file), way_out=say("fleet.members.close_it", file=file)
            )
        found: dict[str, str] = {}
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                say("fleet.members.settings_unreadable"),
                where=str(file),
                way_out=say("fleet.members.add_or_take_back"),
            ) from error
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            hit = _LINE.fullmatch(line.strip())
            if hit is None or hit[1] in _FIXED:
                raise ConfigError(
                    say("fleet.members.no_setting"),
                    where=f"{file}, linje {number}",
                    way_out=say("fleet.members.write_settings_so"),
                )
            found[hit[1]] = hit[2]
        return found | {"PUKK_HOME": str(self.home)}


def members(fleet: Path, names: Iterable[str] = ()) -> list[Member]:
    """Return the municipalities of a fleet by name: all, or those that are named.

    Raises:
        ConfigError: There are none, or one that is named is not there.
    """
    found = _found(fleet)
    if not found:
        raise ConfigError(
            say("fleet.members.nobody_here"),
            where=str(fleet),
            way_out=say("fleet.members.add_the_first"),
        )
    unknown = sorted(set(names) - set(found))
    if unknown:
        raise ConfigError(
            say("fleet.members.not_in_the_fleet"),
            where=", ".join(unknown),
            way_out=say("fleet.members.choose_among", names=", ".join(found)),
        )
    return [found[name] for name in found if not set(names) or name in set(names)]


def _found(fleet: Path) -> dict[str, Member]:
    files = sorted(fleet.glob(f"*/{SETTINGS}"))
    return {file.parent.name: Member(file.parent.name, file.parent) for file in files}


def add_member(fleet: Path, name: str, municipality: str) -> Member:
    """Add a municipality with a home and a key of its own.

    Args:
        fleet: The fleet's folder; made if it is not there.
        name: What it is to be called.
        municipality: Its configuration: an id, or a folder.

    Raises:
        ConfigError: The name cannot be a folder's, is taken, or the municipality is a member.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(
            say("fleet.members.no_name"), where=name, way_out=say("fleet.members.write_name_so")
        )
    given = Path(municipality)
    told = str(given.resolve()) if given.is_dir() else municipality
    identity = read_identity(find_folder(told))
    member = Member(name, fleet / name)
    if member.folder.exists():
        raise ConfigError(
            say("fleet.members.name_is_taken"),
            where=str(member.folder),
            way_out=say("fleet.members.choose_another_name"),
        )
    for other in _found(fleet).values():
        if _identity_of(other) == identity.id:
            raise ConfigError(
                say("fleet.members.is_a_member", name=other.name),
                where=identity.id,
                way_out=say("fleet.members.one_home_each"),
            )
    fleet.mkdir(_OWNER_ONLY, parents=True, exist_ok=True)
    for folder in (member.folder, member.home, member.logs):
        folder.mkdir(_OWNER_ONLY)
    lines = f"{MUNICIPALITY}={told}\n{KEY}={secrets.token_hex(_KEY_BYTES)}\n"
    # last, for it is what makes the folder a member
    member.settings_file.touch(0o600)
    member.settings_file.write_text(lines, encoding="utf-8")
    return member


def identity_in(settings: Mapping[str, str]) -> str | None:
    """Return which municipality a member's settings are of; None when they do not tell.

    Args:
        settings: As ``Member.environment`` gives them.
    """
    told = settings.get(MUNICIPALITY)
    try:
        return read_identity(find_folder(told)).id if told else None
    except PukkError:
        return None


def _identity_of(member: Member) -> str | None:
    try:
        return identity_in(member.environment())
    except PukkError:  # what is wrong with one is no reason to refuse another; ``health`` tells it
        return None
