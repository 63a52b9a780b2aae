"""How often the headline is wrong: the simulated municipalities measured and told in tables.

`python -m tests.statistics.calibration_report --municipalities 200 --folder FOLDER` writes the
tables into docs/methods/calibration.md; FOLDER keeps what was computed, so that a broken run goes
on where it stopped: fits by the version of their model, charts by their SQL.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipelines.settings import REPO_ROOT
from tests.statistics.simulated_charts import compile_models
from tests.statistics.simulated_effects import EFFECTS, estimated
from tests.statistics.simulated_headlines import charted, headlines
from tests.statistics.simulated_municipality import WORLDS

DOCUMENT = REPO_ROOT / "docs" / "methods" / "calibration.md"
BEGIN, END = "<!-- calibration: begin -->\n", "<!-- calibration: end -->\n"
GROUPS = ("improved", "worsened", "changed")
JUDGED = ("too_early", "not_enough_baseline")


@dataclass(frozen=True)
class Calibration:
    """What was measured, one row per world (and what was added).

    Attributes:
        headlines: Share of each group of headlines, compared or by the chart alone; ``error`` is
            one standard error of ``improved`` between municipalities. In per cent.
        intervals: Share of intervals that hold the truth and their median half width.
        pooled: All started units together: coverage, found, and what is said of the second year.
        described: Share of municipalities whose metric fails a model check.
        n: Municipalities per world without, and with, something added.
        fit_seconds: Processor time of one fit, median.
        rows_seconds: The same for all rows of a metric.
    """

    headlines: pl.DataFrame
    intervals: pl.DataFrame
    pooled: pl.DataFrame
    described: pl.DataFrame
    n: tuple[int, int]
    fit_seconds: float
    rows_seconds: float


def measure(n: int, n_added: int, folder: Path) -> Calibration:
    """Run ``n`` municipalities of every world, and ``n_added`` of them with an effect added."""
    sql = compile_models()
    seen, intervals, pooled, described = [], [], [], []
    for world in WORLDS:
        found = estimated(world, range(1, n + 1), folder)
        described.append(found.fits.with_columns((pl.col("failures") != "").alias("is_described")))
        for effect in EFFECTS:
            seeds = list(range(1, (n if effect == "none" else n_added) + 1))
            here = (pl.col("effect") == effect) & pl.col("seed").is_in(seeds)
            units = found.units.filter(here)
            pooled.append(found.pooled.filter(here & (pl.col("group_type") == "all")))
            if effect == "fading":  # the second year is judged for all units together
                continue
            charts = charted(sql, world, seeds, effect, folder)
            intervals += [_effect_intervals(units), _chart_intervals(charts)]
            for compared in (True, False):
                told = headlines(sql, units, charts, compared=compared)
                seen.append(_headline_shares(told).with_columns(pl.lit(compared).alias("compared")))
    return Calibration(
        headlines=pl.concat(seen),
        intervals=pl.concat(intervals),
        pooled=_pooled_shares(pl.concat(pooled)),
        fit_seconds=_median(described, "fit_seconds"),
        rows_seconds=_median(described, "rows_seconds"),
        described=pl.concat(described).group_by("world").agg(pl.col("is_described").mean() * 100),
        n=(n, n_added),
    )


def tables(found: Calibration) -> str:
    """The tables in Markdown."""
    n, n_added = found.n
    today = datetime.now(UTC).date().isoformat()
    text = [
        f"Measured {today} on {n} made-up municipalities per world without any "
        f"effect, and {n_added} of them with one added, 43 units started in each, with\n",
        f"```\npython -m tests.statistics.calibration_report --municipalities {n} "
        f"--with-effect {n_added}\n```\n",
        "### The headline, compared with units that have not started\n",
        *_headline_table(found, compared=True),
        "\n### The headline where nothing can be compared: the control chart alone\n",
        *_headline_table(found, compared=False),
        "\n### The intervals\n",
        "| world | effect: holds the truth % | half width | chart: holds the truth % | half width "
        "| model check failed % |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for world in WORLDS.values():
        parts = []
        for source in ("effect", "value"):
            row = _one(found.intervals, world=world.name, effect="none", source=source)
            parts += [f"{row['coverage']:.1f}", f"{row['half_width']:.1f}"]
        failed = _one(found.described, world=world.name)["is_described"]
        text.append(f"| {world.label} | {' | '.join(parts)} | {failed:.0f} |")
    text += [
        f"\nSeconds of one fit (processor time, median): {found.fit_seconds:.2f}; of all rows of a "
        f"metric, pooled ones too: {found.rows_seconds:.2f}.",
        "\n### All started units together\n",
        "| world | added | holds the truth % | found % | lasted % | did not last % |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for world in WORLDS.values():
        for effect in EFFECTS:
            row = _one(found.pooled, world=world.name, effect=effect)
            shares = [row[name] for name in ("coverage", "found", "lasted", "did_not_last")]
            text.append(f"| {world.label} | {_ADDED[effect]} | {_cells(shares)} |")
    return "\n".join(text) + "\n"


_ADDED = {
    "none": "nothing",
    "minus_1": "-1",
    "minus_2": "-2",
    "fading": "-2, gone after two years",
}


def _headline_table(found: Calibration, *, compared: bool) -> Iterator[str]:
    yield (
        '| world | series | false improved % | ± | false worsened % | false "changed" % '
        "| improved at -1 % | at -2 % |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for world in WORLDS.values():
        rows = {
            effect: _one(found.headlines, world=world.name, effect=effect, compared=compared)
            for effect in ("none", "minus_1", "minus_2")
        }
        none = rows["none"]
        shares = [none["improved"], 1.96 * none["error"], none["worsened"], none["changed"]]
        shares += [rows["minus_1"]["improved"], rows["minus_2"]["improved"]]
        yield f"| {world.label} | {none['n_series']} | {_cells(shares)} |"


def _cells(shares: list[float | None]) -> str:
    return " | ".join("" if share is None else f"{share:.1f}" for share in shares)


def _one(frame: pl.DataFrame, **where: object) -> dict[str, float]:
    return frame.filter(**where).row(0, named=True)


def _median(frames: list[pl.DataFrame], column: str) -> float:
    return float(pl.concat(frames).select(pl.col(column).median()).item())


def _headline_shares(told: pl.DataFrame) -> pl.DataFrame:
    shown = told.filter(pl.col("headline_group") != "suppressed").with_columns(
        (pl.col("headline_group") == group).alias(group) for group in GROUPS
    )
    per_town = shown.group_by("world", "effect", "seed").agg(
        pl.col("improved").mean(), pl.len().alias("n")
    )
    errors = per_town.group_by("world", "effect").agg(
        (pl.col("improved").std() * 100 / pl.len().sqrt()).alias("error")
    )
    return (
        shown.group_by("world", "effect")
        .agg(pl.len().alias("n_series"), *(pl.col(group).mean() * 100 for group in GROUPS))
        .join(errors, on=["world", "effect"])
    )


def _truth(months: str) -> pl.Expr:
    """The mean of what was added over so many months from the start."""
    truth = pl.lit(None, pl.Float64)
    for name, effect in EFFECTS.items():
        for length in range(1, 25):
            steps = [float(effect[min(month, effect.size - 1)]) for month in range(length)]
            truth = (
                pl.when((pl.col("effect") == name) & (pl.col(months) == length))
                .then(pl.lit(sum(steps) / length))
                .otherwise(truth)
            )
    return truth


def _coverage(rows: pl.DataFrame, months: str, low: str, high: str, source: str) -> pl.DataFrame:
    truth = _truth(months)
    return rows.group_by("world", "effect").agg(
        pl.lit(source).alias("source"),
        (100 * ((pl.col(low) <= truth) & (truth <= pl.col(high))).mean()).alias("coverage"),
        ((pl.col(high) - pl.col(low)) / 2).median().alias("half_width"),
    )


def _effect_intervals(units: pl.DataFrame) -> pl.DataFrame:
    # also where a model check failed, and nothing is shown
    rows = units.filter(pl.col("cf_lo").is_not_null())
    return _coverage(rows, "cf_window_months", "cf_lo", "cf_hi", "effect")


def _chart_intervals(charts: pl.DataFrame) -> pl.DataFrame:
    rows = charts.filter(~pl.col("verdict").is_in(JUDGED) & pl.col("change_low").is_not_null())
    return pl.concat(
        _coverage(
            rows.filter(pl.col("series") == series), "n_after", "change_low", "change_high", series
        )
        for series in ("value", "comparison")
    )


def _pooled_shares(rows: pl.DataFrame) -> pl.DataFrame:
    headline = rows.filter(kind="window", first_month_after=0, last_month_after=23)
    # units with a year only have another truth where the effect fades
    steady = pl.col("effect") != "fading"
    truth = pl.when(steady).then(_truth("n_months"))
    classes = (
        rows.filter(pl.col("persistence").is_not_null())
        .group_by("world", "effect")
        .agg(
            (100 * (pl.col("persistence") == name).mean()).alias(name)
            for name in ("lasted", "did_not_last")
        )
    )
    return (
        headline.with_columns(pl.lit(24).alias("n_months"))
        .group_by("world", "effect")
        .agg(
            pl.len().alias("n"),
            (100 * ((pl.col("lo") <= truth) & (truth <= pl.col("hi"))).mean()).alias("coverage"),
            (100 * (pl.col("p") <= 0.05).mean()).alias("found"),
        )
        .join(classes, on=["world", "effect"], how="left")
    )


def main() -> None:
    """Measure and write the tables into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=200)
    parser.add_argument("--with-effect", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with TemporaryDirectory() as scratch:
        found = measure(given.municipalities, given.with_effect, given.folder or Path(scratch))
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}{tables(found)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
