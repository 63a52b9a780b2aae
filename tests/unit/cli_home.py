"""A PUKK_HOME of a test's own, with the command line run in this process."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from pipelines.desk.nights import note_night
from pipelines.settings import Paths


def command(patch: pytest.MonkeyPatch, home: Path, *args: str) -> int:
    """Run the command line in a home, with what else the environment has; returns its code."""
    from pipelines.cli.app import main

    patch.setenv("PUKK_HOME", str(home))
    patch.setattr(sys, "argv", ["pukk", *args])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def linked_home(built: Path, home: Path, municipality: str = "nhs_england") -> Paths:
    """Return the folders of a home like a built one: its files linked, its state copied.

    Whoever changes a file in it writes a new one; what the built home's night said is left out.
    """
    source, linked = Paths(built / municipality), Paths(home / municipality)
    away = shutil.ignore_patterns("state")
    shutil.copytree(source.root, linked.root, copy_function=os.link, ignore=away)
    small = shutil.ignore_patterns("dagster", "dbt", "effects", "nights.sqlite*")
    shutil.copytree(source.state, linked.state, ignore=small)
    note_night(linked.state, "published", generation=1)
    return linked


class Home:
    """A PUKK_HOME, and the command line run in it."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.paths = Paths(path / "nhs_england")
        self._patch = monkeypatch

    def pukk(self, *args: str, municipality: str = "nhs_england") -> int:
        self._patch.setenv("PUKK_MUNICIPALITY", municipality)
        return command(self._patch, self.path, *args)
