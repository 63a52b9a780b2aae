"""``python -m benchmarks``: measure everything and write ``docs/performance.md``."""

import argparse
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.answers import command_line, pages
from benchmarks.document import FILE, write
from benchmarks.measured import python
from benchmarks.nights import MUNICIPALITY, measure_town

_PEERS = ("controlchartspy", "pyfixest")
_N_IMPORTS = 3


def main() -> None:
    """Parse arguments, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", default="1,10", help="how many times the example, smallest first (default 1,10)"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave the other libraries out")
    parser.add_argument(
        "--folder", type=Path, help="where homes are made (default: a temporary one)"
    )
    asked = parser.parse_args()
    sizes = sorted({1, *map(int, asked.sizes.split(","))})
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        _say(_measure(sizes, Path(folder), with_peers=not asked.no_peers))
    _say(f"written: {FILE}")


def _measure(sizes: list[int], folder: Path, *, with_peers: bool) -> str:
    _say("imports")
    imports = sorted(
        (python("-m", "benchmarks.imports") for _ in range(_N_IMPORTS)), key=lambda used: used.cpu_s
    )[_N_IMPORTS // 2]
    towns = [measure_town(size, folder, _say) for size in sizes]
    home = folder / "size-1"
    published = home / MUNICIPALITY / "published"
    edition = published / json.loads((published / "current.json").read_text())["file"]
    _say("answers and pages")
    answers, shown = command_line(home, edition), pages(published, edition)
    peers = (
        _peers(edition, home / MUNICIPALITY, folder, towns[0].charts_cpu_s) if with_peers else None
    )
    return write(imports, towns, peers, answers, shown)


def _peers(edition: Path, town: Path, folder: Path, charts_cpu_s: float) -> dict[str, Any]:
    missing = [name for name in _PEERS if importlib.util.find_spec(name) is None]
    if missing:
        raise SystemExit(f"Not installed: {', '.join(missing)}. Use make benchmark, or --no-peers.")
    _say("peers")
    answer = folder / "peers.json"
    python("-m", "benchmarks.peers", edition, town, answer, str(charts_cpu_s))
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
