"""How long the charts take: `python -m tests.statistics.chart_speed` prints time and memory."""

import resource
import sys
import time

from tests.statistics.simulated_charts import chart_verdicts, compile_models
from tests.statistics.simulated_municipality import simulate

_TOWNS = 25


def main() -> None:
    """Chart some municipalities in one pass, with one thread."""
    sql = compile_models()
    towns = [simulate("gauss_random", seed) for seed in range(_TOWNS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    n_series = chart_verdicts(sql, towns, "none").height
    seconds = time.process_time() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(
        f"{n_series} series of 120 months: {1000 * seconds / n_series:.1f} s per 1000 (one core), "
        f"memory at most {memory:.0f} MB more than before\n"
    )


if __name__ == "__main__":
    main()
