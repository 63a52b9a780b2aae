"""Money and sick leave in the example's deliveries, read plainly, without the pipeline."""

import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.golden.example_inbox import (
    END_2017,
    END_2018,
    day,
    generated_example,
    number,
    positions_on,
    table_of,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory, worker_id):
    return generated_example(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def ledger(home):
    """Kroner by (year, amount type) and the lines: (year, ansvar, account, function, kroner)."""
    folder = home / "inbox/okonomi"
    lines = []
    for path in sorted(folder.glob("perioderapport_*.csv")) + sorted(folder.glob("regnskap_*.csv")):
        for row in table_of(path, "Konto(T)"):
            if row["Konto(T)"] == "Totalt" or "se bilag" in row.values():
                continue
            for column in ("Oppr. budsjett", "Rev. budsjett", "Regnskap"):
                if column in row:
                    key = (int(row["Periode"][:4]), row["Ansvar"], row["Konto(T)"], row["Tjeneste"])
                    lines.append((*key, column, round(number(row[column]) * 100)))
    for path in sorted(folder.glob("opprinnelig_budsjett_*.csv")):
        for row in table_of(path, "År"):
            key = (int(row["År"]), row["Ansvar"], row["Konto"], row["Tjeneste"], "Oppr. budsjett")
            lines.append((*key, round(number(row["Sum"]) * 100)))
    wide = pl.read_excel(folder / "opprinnelig_budsjett_2013.xlsx", sheet_name="Budsjett")
    for row in wide.to_dicts():
        key = (2013, str(row["Ansvar"]), str(row["Konto"]), str(row["Tjeneste"]), "Oppr. budsjett")
        lines.append((*key, round(row["Sum"] * 100)))
    return lines


def test_accounts_and_both_budgets_sum_to_nothing_every_year(ledger):
    sums = defaultdict(int)
    for line in ledger:
        sums[(line[0], line[4])] += line[5]
    assert len(sums) == 30
    assert set(sums.values()) == {0}


def test_turnover_in_2017_is_1_2_billion(ledger):
    spent = sum(
        line[5] for line in ledger if line[0] == 2017 and line[4] == "Regnskap" and line[5] > 0
    )
    assert spent / 100 == pytest.approx(1.2e9, rel=0.01)


def test_the_budget_of_2013_sets_aside_2_5_million_for_3_3_positions(home, ledger):
    own = [line for line in ledger if line[:2] == (2013, "114001") and line[4] == "Oppr. budsjett"]
    assert sum(line[5] for line in own) == 250_000_000
    staff = [row for row in positions_on(home, END_2017) if row["Org.enhet"].startswith("1140")]
    assert sum(number(row["St.pros"]) for row in staff) == pytest.approx(330)


def test_sick_pay_refunds_are_booked_but_never_budgeted(ledger):
    refunds = [line for line in ledger if line[2].startswith("17101")]
    assert all(line[5] < 0 for line in refunds if line[4] == "Regnskap")
    assert sum(line[5] for line in refunds if line[4] == "Regnskap") < -1_000_000_000
    assert not any(line[5] for line in refunds if line[4] != "Regnskap")


def test_road_functions_change_code_in_2014(ledger):
    years = defaultdict(set)
    for line in ledger:
        years[line[3][:3]].add(line[0])
    assert max(years["333"]) == 2013
    assert min(years["332"]) == 2014
    assert years["254"] == set(range(2009, 2019))


def spells(home: Path) -> list[tuple[date, date, str, float]]:
    """(start, end, type, position share x grade) of everyone, planted errors left out."""
    positions = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    share = {
        row["Arb.forhold"]: number(row["St.pros"]) / 100
        for row in positions
        if row["St.pros"] != "halv"
    }
    folder = home / "inbox/fravar"
    out = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem.endswith(("kopi", "2018_03")):
            continue
        is_report = path.name.startswith("fravarsrapport")
        for row in table_of(path, "Ansattnr" if is_report else "Ansattnummer"):
            cells = list(row.values())
            if (
                not re.fullmatch(r"['0]*[5-8]\d{7}", cells[0])
                or int(cells[0].strip("'")) > 89_000_000
            ):
                continue
            start, end, kind, grade = cells[2:6] if is_report else cells[3:7]
            last = min(day(end), END_2018)
            out.append((day(start), last, kind, share[cells[1]] * number(grade.strip("% ")) / 100))
    return out


def test_sick_leave_is_about_eight_per_cent_of_agreed_days(home):
    import numpy as np

    lost = sum(
        float(np.busday_count(start, end + timedelta(days=1))) * weight
        for start, end, kind, weight in spells(home)
        if kind in {"EGENM", "SYKM"} or kind.startswith(("Egenmelding", "Sykmelding"))
    )
    agreed = 0.0
    rows = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    for row in rows:
        if row["Form"] == "Timelønn" or row["St.pros"] == "halv":
            continue
        start, end = max(day(row["Fra"]), date(2009, 1, 1)), min(day(row["Til"]), END_2018)
        if start <= end:
            days = float(np.busday_count(start, end + timedelta(days=1)))
            agreed += days * number(row["St.pros"]) / 100
    assert 7.0 < 100 * lost / agreed < 9.0


def test_the_last_extract_holds_absences_that_are_not_over(home):
    rows = table_of(home / "inbox/fravar/sykefravar_2018_12.csv", "Ansattnummer")
    assert sum(not row["Tom"] for row in rows) > 30
