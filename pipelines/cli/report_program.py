"""The programs that lay out reports, started by a command: what they answer, and how they ended.

What each is told, and what an error of its own means to who gave the command, is the command's.
"""

import subprocess
import sys
from dataclasses import dataclass

from pipelines.desk.child_environment import for_report
from pipelines.desk.private_files import users_umask
from pipelines.desk.programs import Program
from pipelines.settings import REPO_ROOT


@dataclass(frozen=True)
class Ended:
    """How a program ended.

    Attributes:
        is_made: It did what it was told.
        answer: What it said on standard output.
        error: The last line of what it said was wrong; empty when it said nothing.
    """

    is_made: bool
    answer: str
    error: str


def run_report_program(program: Program, *told: str, given: str | None = None) -> Ended:
    """Run one of our report programs to its end; its files get the rights the user's own would.

    Args:
        program: Which.
        told: Its arguments.
        given: What it reads on standard input.
    """
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", program.module, *told],
        input=given,
        cwd=REPO_ROOT,
        env=for_report(REPO_ROOT),
        umask=users_umask(),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.strip().splitlines()
    return Ended(done.returncode == 0, done.stdout, lines[-1] if lines else "")
