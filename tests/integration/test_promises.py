"""The promises of ARCHITECTURE.md, on real data, through the command line.

That the same deliveries give the same marts whatever folder and order they come in is held by
``test_units_published``; that a killed run changes nothing, by ``test_a_run_that_is_stopped``.
"""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.ingest.landing import read_delivery
from pipelines.settings import Paths
from tests.conftest import pukk
from tests.published import pointer, published, warehouse

pytestmark = pytest.mark.integration

NHS = "nhs_england"


@pytest.fixture
def nhs(nhs_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(nhs_home, tmp_path / "home"))


def sickness_file(home: Path, month: str) -> Path:
    return next((home / NHS / "inbox").rglob(f"nhs_sickness_absence_{month}.csv"))


def unit_month(home: Path, unit: str, month: str) -> list[tuple[object, ...]]:
    return published(
        home,
        "select numerator, denominator from fct_metric_months where metric_id = 'sick_leave_pct'"
        f" and group_id = '{unit}' and month = date '{month}'",
        NHS,
    )


def test_a_correction_restates_its_own_month_and_the_old_figure_can_still_be_had(
    nhs: Path,
) -> None:
    before = unit_month(nhs, "RY6", "2024-05-01"), unit_month(nhs, "RY6", "2024-06-01")
    file = sickness_file(nhs, "2024-05")
    rows = file.read_text(encoding="utf-8").splitlines()
    at = next(i for i, row in enumerate(rows) if ",RY6," in row)
    cells = rows[at].split(",")
    cells[-3] = "1000"
    rows[at] = ",".join(cells)
    # a row that breaks a rule and a row that comes twice change no figure of the others
    broken = ",".join([*cells[:5], "ZZZ", "Nowhere Trust", cells[7], "mange", *cells[9:]])
    rows += [broken, rows[1]]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")

    assert pointer(nhs, NHS)["generation"] == 1
    pukk("run", home=nhs, municipality=NHS)
    assert pointer(nhs, NHS)["generation"] == 2

    corrected = unit_month(nhs, "RY6", "2024-05-01"), unit_month(nhs, "RY6", "2024-06-01")
    assert corrected[0] != before[0]
    assert corrected[0][0][0] == 1000
    assert corrected[1] == before[1]
    counted = warehouse(
        nhs,
        "select rows_in, rows_loaded, rows_quarantined, rows_duplicate from ops.deliveries"
        " where contract_id = 'sick_leave' and status = 'loaded' and periods = '2024-05'",
        NHS,
    )
    assert counted == [(287, 285, 1, 1)]
    told = pukk("quarantine", home=nhs, municipality=NHS).stdout
    assert "sick_days" in told
    assert "mange" not in told

    old = warehouse(
        nhs,
        "select delivery_id from ops.deliveries where status = 'superseded'"
        " and contract_id = 'sick_leave' and periods = '2024-05'",
        NHS,
    )
    assert len(old) == 1
    kept = read_delivery(Paths(nhs / NHS), old[0][0])
    days = kept.filter(kept["unit_id"] == "RY6")["sick_days"].to_list()
    assert days == pytest.approx([before[0][0][0]])

    pukk("publish", "--rollback", home=nhs, municipality=NHS)
    assert unit_month(nhs, "RY6", "2024-05-01") == before[0]


def test_files_that_are_refused_stop_the_run_are_named_and_change_nothing(nhs: Path) -> None:
    inbox = nhs / NHS / "inbox"
    standing = (nhs / NHS / "published" / "current.json").read_bytes()
    good = sickness_file(nhs, "2024-09").read_text(encoding="utf-8")
    folder = sickness_file(nhs, "2024-09").parent
    bad = {
        "2024-10": good.replace("FTE_DAYS_LOST,", "").replace("30/09/2024", "31/10/2024"),
        "2024-11": "",
        "2024-12": good[: len(good) // 2],
    }
    for month, text in bad.items():
        (folder / f"nhs_sickness_absence_{month}.csv").write_text(text, encoding="utf-8")
    (inbox / "ukjent.csv").write_text("a;b\n1;2\n", encoding="utf-8")

    done = pukk("run", home=nhs, municipality=NHS, check=False)
    assert done.returncode == 3
    shown = " ".join(done.stderr.split())
    for month in bad:
        assert f"nhs_sickness_absence_{month}.csv" in shown
    assert "ukjent.csv" in shown
    assert "FTE_DAYS_LOST" in shown
    assert (nhs / NHS / "published" / "current.json").read_bytes() == standing
    rejected = json.loads(pukk("status", "--json", home=nhs, municipality=NHS).stdout)["rejected"]
    assert {Path(row["file_name"]).name for row in rejected} == {
        *(f"nhs_sickness_absence_{month}.csv" for month in bad),
        "ukjent.csv",
    }

    for file in [*(folder / f"nhs_sickness_absence_{m}.csv" for m in bad), inbox / "ukjent.csv"]:
        file.unlink()
    pukk("run", home=nhs, municipality=NHS)
    assert pointer(nhs, NHS)["generation"] == 1, "the same good files give the same content"


def test_two_runs_at_once_do_not_meet(nhs: Path) -> None:
    from filelock import FileLock

    with FileLock(nhs / NHS / "state" / "run.lock"):
        done = pukk("run", "--force", home=nhs, municipality=NHS, check=False)
    assert done.returncode == 6
    assert "En annen kjøring" in done.stderr
