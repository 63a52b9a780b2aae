"""Personal data in a delivery: refused or replaced by pseudonyms, and never repeated to anyone."""

import polars as pl
import pytest

from tests.fault.refusals import GOOD, refused, whole_ledger
from tests.ingest_fixture import JANUARY, position

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("cell", ["01017012345", "010170 12345", "7174 (41017012345)"])
def test_an_identity_number_in_any_column_refuses_the_file_without_repeating_it(house, cell):
    code, reason = refused(house, GOOD.replace("7174", cell, 1))
    assert code == "personal_data"
    assert reason.startswith("stillinger_2012-01.csv, rad 2")
    assert "Innholdet er ikke lagret." in reason
    assert "12345" not in whole_ledger(house)
    stored = [path for path in house.paths.landing.rglob("*") if "hr" in path.parts]
    assert stored == []


@pytest.mark.parametrize("header", ["Navn", "Etternavn", "Ansatt navn", "Name", "Fødselsnr"])
def test_a_column_of_names_refuses_the_file_without_repeating_it(house, header):
    text = GOOD.replace("Stilling", header).replace("7174", "Nordmann, Kari")
    code, reason = refused(house, text)
    assert code == "personal_data"
    assert f"Kolonnen «{header}» ser ut til å inneholde personopplysninger." in reason
    assert "Nordmann" not in whole_ledger(house)


def test_employee_numbers_never_reach_the_warehouse_or_landing(house):
    done = house.take(JANUARY, GOOD.replace("\n1;", "\n001987;") + position("76543", pct="x"))
    rows = house.table("hr.positions")
    assert rows["person_id"].str.starts_with("p_").all()
    assert rows["position_id"].str.starts_with("p_").all()
    landed = "".join(
        pl.read_parquet(file).write_csv() for file in house.paths.landing.glob("hr/*/*/*.parquet")
    )
    for number in ("1987", "76543"):
        assert number not in landed
        assert number not in rows.write_csv()
        assert number not in str(house.quarantine())
    assert done.rows_quarantined == 1
