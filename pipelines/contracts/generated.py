"""Files that are made from others: written, or compared with what they should be.

What is made, and from what, lives with each command (``contracts.__main__``,
``municipality.__main__``); here is only writing and comparing.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines.errors import ContractError, PukkError
from pipelines.settings import REPO_ROOT
from pipelines.words.messages import say

Files = Mapping[Path, tuple[str, str]]
"""Each file's text and what it is made from, by path; without a text it shall not be there."""


def _is_stale(path: Path, text: str) -> bool:
    return (path.read_text(encoding="utf-8") if path.exists() else "") != text


def write_stale(files: Files) -> list[Path]:
    """Write the files that differ, delete those that shall not be there; return which."""
    written = []
    for path, (text, _) in files.items():
        if _is_stale(path, text):
            path.parent.mkdir(parents=True, exist_ok=True)
            if text:
                path.write_text(text, encoding="utf-8", newline="\n")
            else:
                path.unlink()
            written.append(path)
    return written


def refuse_stale(files: Files, root: Path, command: str) -> None:
    """Do nothing when every file is fresh.

    Args:
        files: What they should be.
        root: The folder that they are named from.
        command: What writes them.

    Raises:
        ContractError: names the first stale file, what it is made from and the command to run.
    """
    for path, (text, source) in files.items():
        if _is_stale(path, text):
            raise ContractError(
                say("contracts.generated.file_is_stale", source=source),
                where=path.relative_to(root).as_posix(),
                way_out=say("contracts.generated.run", command=command),
            )


def run_command(
    program: str, files: Callable[[Path], Files], arguments: list[str] | None = None
) -> int:
    """Run ``generate`` or ``check`` for the command line; return the exit code.

    Args:
        program: How the command is started, without its last word.
        files: What a checkout's files should be.
        arguments: Of the command line; none: those of this process.

    Returns:
        0 fine, 1 stale or unreadable.
    """
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("command", choices=("generate", "check"))
    command = parser.parse_args(arguments).command
    try:
        if command == "check":
            refuse_stale(files(REPO_ROOT), REPO_ROOT, f"{program} generate")
            sys.stdout.write(say("contracts.generated.all_fresh"))
        else:
            for path in write_stale(files(REPO_ROOT)):
                sys.stdout.write(f"skrev {path.relative_to(REPO_ROOT).as_posix()}\n")
    except PukkError as problem:
        sys.stderr.write(f"{problem.text}\n")
        return 1
    return 0
