"""A made-up municipality with deliveries from 2022-01 to 2024-06, for cases that need a whole run.

Its configuration and base deliveries lie in ``tests/cases/_municipality``, small inputs with one
fault each in the other folders there. A first run takes half a minute: a file whose promise is
about what comes after it begins with a copy of the town that all files share (`built_town`).
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import pukk
from tests.dbt_parsed import give_parsed
from tests.published import published, warehouse

CASES = Path(__file__).resolve().parent / "cases"
MUNICIPALITY = "smaby"


@dataclass(frozen=True)
class Town:
    """A folder of one's own with the configuration, an inbox and PUKK_HOME."""

    root: Path

    @classmethod
    def build(cls, root: Path) -> "Town":
        """Copy configuration and base deliveries into an empty folder; nothing is run.

        What dbt makes of the project is given along: the example parses it as a user's first run.
        """
        shutil.copytree(CASES / "_municipality", root / "config")
        town = cls(root)
        town.inbox.parent.mkdir(parents=True)
        (root / "config" / "inbox").rename(town.inbox)
        give_parsed(town.home / MUNICIPALITY)
        return town

    def copied_to(self, root: Path) -> "Town":
        """Return a town of one's own with all there is in this one, in a folder yet to be made."""
        return Town(Path(shutil.copytree(self.root, root)))

    @property
    def config(self) -> Path:
        """The municipality's folder of YAML."""
        return self.root / "config"

    @property
    def home(self) -> Path:
        """PUKK_HOME."""
        return self.root / "home"

    @property
    def inbox(self) -> Path:
        """Where deliveries are dropped."""
        return self.home / MUNICIPALITY / "inbox"

    def deliver(self, case: str, file: str, name: str | None = None) -> Path:
        """Put a case's file into the inbox, over a file of the same name."""
        return Path(shutil.copyfile(CASES / case / file, self.inbox / (name or file)))

    def write(self, name: str, text: str) -> Path:
        """Put a file with this text into the inbox."""
        file = self.inbox / name
        file.write_text(text, encoding="utf-8")
        return file

    def configure(self, source: str, change: dict[str, Any], feed: int = 0) -> None:
        """Set keys of one feed of ``sources/<source>.yml``."""
        file = self.config / "sources" / f"{source}.yml"
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["feeds"][feed] |= change
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def pukk(
        self, *args: str, check: bool = True, told: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line for this municipality, told what more its environment says."""
        home, municipality = self.home, str(self.config)
        return pukk(*args, home=home, municipality=municipality, check=check, told=told)

    def published(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows of the published file."""
        return published(self.home, sql, MUNICIPALITY)

    def warehouse(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows of the restricted warehouse."""
        return warehouse(self.home, sql, MUNICIPALITY)
