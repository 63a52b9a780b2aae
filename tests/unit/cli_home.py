"""A PUKK_HOME of a test's own, with the command line run in this process."""

import sys
from pathlib import Path

import pytest

from pipelines.settings import Paths


class Home:
    """A PUKK_HOME, and the command line run in it."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.paths = Paths(path / "nhs_england")
        self._patch = monkeypatch

    def pukk(self, *args: str, municipality: str = "nhs_england") -> int:
        from pipelines.cli.app import main

        self._patch.setenv("PUKK_HOME", str(self.path))
        self._patch.setenv("PUKK_MUNICIPALITY", municipality)
        self._patch.setattr(sys, "argv", ["pukk", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)
