"""Stands for a command of ours in a municipality of a fleet: tells what it was given, or dies."""

import json
import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    """Answer as the municipality's settings say."""
    home = Path(os.environ["PUKK_HOME"])
    if os.environ.get("PUKK_MUNICIPALITY") == "fails":
        sys.exit("Feil inbox/a.csv\n  Filen er tom.\n  Gjør slik: Eksporter på nytt.")
    if os.environ.get("PUKK_MUNICIPALITY") == "killed":
        (home / "began").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ.get("PUKK_MUNICIPALITY") == "slow":
        (home / "began").touch()
        time.sleep(60)
    told = {"words": sys.argv[1:], "environment": dict(os.environ), "generation": 1, "is_new": True}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
