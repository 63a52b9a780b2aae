"""How often an untouched chart shows a sign: `python -m tests.statistics.sign_rates`.

Municipalities of every world through the chart models, nothing added: the table of signs in
docs/methods/calibration.md.
"""

import sys
from argparse import ArgumentParser

import polars as pl

from tests.statistics.simulated_charts import chart_verdicts, compile_models
from tests.statistics.simulated_municipality import WORLDS, simulate

_FIRST_SEED = 5001
_BEFORE = ("too_early", "not_enough_baseline")


def sign_rates(sql: dict[str, str], world: str, n: int, effect: str = "none") -> dict[str, float]:
    """Share of each verdict among the judged charts of started units, in per cent.

    Args:
        sql: Text per model, from :func:`tests.statistics.simulated_charts.compile_models`.
        world: Name of a world.
        n: Municipalities.
        effect: Name of what is added after the start.
    """
    towns = [simulate(world, seed) for seed in range(_FIRST_SEED, _FIRST_SEED + n)]
    found = chart_verdicts(sql, towns, effect).filter(pl.col("series") == "value")
    judged = found.filter(~pl.col("verdict").is_in(_BEFORE))
    counts = dict(judged["verdict"].value_counts().iter_rows())
    return {verdict: 100 * count / judged.height for verdict, count in sorted(counts.items())}


def main() -> int:
    """Print the table."""
    parser = ArgumentParser()
    parser.add_argument("--municipalities", type=int, default=30)
    parser.add_argument("--effect", default="none")
    given = parser.parse_args()
    sql = compile_models()
    for world in WORLDS.values():
        rates = sign_rates(sql, world.name, given.municipalities, given.effect)
        told = ", ".join(f"{verdict} {rate:.1f}" for verdict, rate in rates.items())
        sys.stdout.write(f"{world.label}: {told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
