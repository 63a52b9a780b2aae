"""NHS England where six organisations merge: published whole, and the same in any order.

And from any folder: the two municipalities that are compared have their files, and their
configuration, in folders of different names, and meet them in different orders.
"""

import csv
import os
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.publishing.generation import export_sorted
from tests.conftest import pukk
from tests.dbt_parsed import give_parsed
from tests.golden.test_units_in_any_order import INTO, MERGED, MONTHS, NHS, merge
from tests.published import generation_file, published

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deliveries") / "nhs"
    assert NHS.example is not None
    shutil.copytree(NHS.folder / NHS.example.folder, folder)
    merge(folder)
    return folder


def _run(home: Path, deliveries: Path, nights: Sequence[Sequence[str]]) -> Path:
    inbox = home / NHS.id / "inbox"
    inbox.mkdir(parents=True)
    give_parsed(home / NHS.id)
    for night in nights:
        for month in night:
            for file in deliveries.glob(f"*{month}.csv"):
                shutil.copy(file, inbox)
        pukk("run", home=home, municipality=NHS.id)
    return home


@pytest.fixture(scope="module")
def at_once(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of it in one night, from a folder elsewhere that keeps the configuration too."""
    home = tmp_path_factory.mktemp("once")
    folder = home / "elsewhere" / "nhs"
    shutil.copytree(NHS.folder, folder)
    shutil.rmtree(folder / "deliveries")
    shutil.copytree(deliveries, folder / "deliveries")
    files = sorted((folder / "deliveries").rglob("*.csv"))
    assert len(files) > len(MONTHS)
    random.Random(7).shuffle(files)  # noqa: S311 - not for secrets
    for age, file in enumerate(files):
        os.utime(file, (1_700_000_000 + age, 1_700_000_000 + age))
    give_parsed(home / NHS.id)
    pukk("run", "--inbox", str(folder / "deliveries"), home=home, municipality=str(folder))
    return home


def _source(deliveries: Path) -> dict[str, tuple[float, float]]:
    sums = {}
    for month in MONTHS:
        file = deliveries / f"nhs_sickness_absence_{month}.csv"
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        sums[month] = (
            sum(float(row["FTE_DAYS_LOST"]) for row in rows),
            sum(float(row["FTE_DAYS_AVAILABLE"]) for row in rows),
        )
    return sums


def test_the_national_rate_is_the_source_s_in_every_month(at_once: Path, deliveries: Path) -> None:
    found = published(
        at_once,
        "select strftime(month, '%Y-%m'), numerator, denominator, value from fct_metric_months"
        " where level = 'municipality' and metric_id = 'sick_leave_pct' order by month",
        NHS.id,
    )
    source = _source(deliveries)
    assert [month for month, *_ in found] == MONTHS
    for month, lost, available, rate in found:
        assert (lost, available) == pytest.approx(source[month], abs=1e-3)
        assert rate == pytest.approx(100 * source[month][0] / source[month][1], abs=1e-6)
    rates = [round(rate, 3) for *_, rate in found]
    assert rates == [4.764, 4.712, 4.874, 5.198, 4.793, 4.962]


def test_those_that_merged_keep_their_months_and_their_successor_begins(at_once: Path) -> None:
    lives = published(
        at_once,
        "select unit_id, cast(valid_from as varchar), cast(valid_to as varchar), status"
        f" from dim_units where unit_id in {(*MERGED, INTO)} order by unit_id",
        NHS.id,
    )
    assert lives == sorted(
        [
            *((unit, None, "2024-06-30", "left") for unit in MERGED),
            (INTO, "2024-07-01", None, "active"),
        ]
    )
    months = published(
        at_once,
        "select group_id, count(value), min(strftime(month, '%m')), max(strftime(month, '%m'))"
        " from fct_metric_months where level = 'unit' and metric_id = 'sick_leave_pct'"
        f" and value is not null and group_id in {(*MERGED, INTO)} group by all order by all",
        NHS.id,
    )
    assert months == sorted([*((unit, 3, "04", "06") for unit in MERGED), (INTO, 3, "07", "09")])


def test_status_asks_what_became_of_each(at_once: Path) -> None:
    # lines are broken to the screen's width
    told = " ".join(pukk("status", home=at_once, municipality=NHS.id).stdout.split())
    for unit in MERGED:
        assert f"({unit}) er borte fra registeret fra 2024-07, og ingen har sagt hvorfor" in told
    assert "Six Made One NHS Trust" in told
    assert f"01.07.2024;{MERGED[0]};{INTO};1;merge" in told


def test_other_nights_in_another_order_publish_the_same(
    at_once: Path, deliveries: Path, tmp_path: Path
) -> None:
    nights = [[MONTHS[n] for n in (5, 2, 0)], [MONTHS[n] for n in (4, 1, 3)]]
    other = _run(tmp_path / "home", deliveries, nights)
    once, again = (export_sorted(generation_file(home, NHS.id)) for home in (at_once, other))
    assert len(once) > 100_000
    assert once == again
