"""Personal data in a delivery: refused or replaced by pseudonyms, and never repeated to anyone."""

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.municipality.tables import config_tables
from pipelines.warehouse.replaced import replace_tables
from tests.fault.refusals import GOOD, refused, whole_ledger
from tests.ingest_fixture import JANUARY, SOURCES, UNITS, position
from tests.unit.test_personal_identifiers import number

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
    for employee in ("1987", "76543"):
        assert employee not in landed
        assert employee not in rows.write_csv()
        assert employee not in str(house.quarantine())
    assert done.rows_quarantined == 1


RIGHT = "03076812380"  # date and check digits of nobody in particular
ACCOUNTS = "Ansvar;Konto;Periode;Regnskap"


def accounts(*cells: str) -> str:
    rows = "".join(f"3120;10100;201201;{5 + i};{cell}\n" for i, cell in enumerate(cells))
    return f"{ACCOUNTS};Streng\n{rows}"


def codes() -> list[str]:
    """Account codes of eleven digits, of which one is, by chance, as a person's number."""
    return [f"{10100000000 + 70007 * i}" for i in range(120)] + [RIGHT]


def test_a_refusal_names_file_column_rows_and_how_many(house):
    cells = ["1", RIGHT, "2", "030768-12380", "3", "3076812380"]
    code, reason = refused(house, accounts(*cells), name="regnskap.csv")
    assert code == "personal_data"
    assert reason.startswith("regnskap.csv, rad 3, 5 og 7: Kolonnen «Streng»")
    assert "i 3 av 6 fylte celler" in reason
    assert "not_personal for leveransen" in reason
    assert "12380" not in whole_ledger(house)


def test_a_column_of_codes_is_refused_until_it_is_declared_with_a_reason(house):
    code, reason = refused(house, accounts(*codes()), name="regnskap.csv")
    assert (code, "rad 122: " in reason) == ("personal_data", True)
    house.change_feed("ledger", 0, not_personal={"streng": "Konto og ansvar i ett, fra Unit4"})
    done = house.take("regnskap.csv", accounts(*codes()))
    assert (done.status, done.rows_loaded) == ("loaded", 121)


def test_a_declaration_covers_its_column_only_and_nothing_above_the_data(house):
    house.change_feed("ledger", 0, not_personal={"Streng": "Konto og ansvar i ett, fra Unit4"})
    title = f"Laget av {RIGHT}\n"
    assert refused(house, title + accounts("1"), name="regnskap.csv")[1].startswith(
        "regnskap.csv, rad 1: "
    )
    other = accounts("1").replace("3120", RIGHT)
    assert "«Ansvar»" in refused(house, other, name="regnskap2.csv")[1]


def test_no_declaration_lets_a_whole_column_of_persons_in(house):
    house.change_feed("ledger", 0, not_personal={"Streng": "Konto og ansvar i ett, fra Unit4"})
    persons = [number(f"{day:02d}0768{day:03d}") for day in range(1, 25)]
    code, reason = refused(house, accounts(*persons), name="regnskap.csv")
    assert code == "personal_data"
    assert "not_personal" not in reason


def test_a_bank_account_refuses_the_file(house):
    code, reason = refused(house, accounts("1234.56.78903"), name="regnskap.csv")
    assert (code, "bankkontonummer" in reason) == ("personal_data", True)


def test_a_file_named_after_a_person_is_known_by_a_name_without_the_number(house):
    (house.paths.inbox / f"regnskap {RIGHT}.csv").write_text(accounts("1"))
    (done,) = house.ingest()
    assert (done.file_name, done.rows_loaded) == ("regnskap [skjult].csv", 1)
    assert RIGHT not in whole_ledger(house)


def test_an_address_in_a_text_that_is_kept_is_hidden_and_told_of(house):
    house.change_feed(
        "ledger", 0, columns={**SOURCES["ledger"][0]["columns"], "project": {"column": "Streng"}}
    )
    house.take("regnskap.csv", accounts("P1", "kari.nordmann@kommune.no"))
    assert house.table("ledger.entries")["project"].to_list() == ["P1", "[skjult]"]
    assert "nordmann" not in whole_ledger(house)
    assert "(rad 3)" in whole_ledger(house)


def test_a_telephone_beside_a_name_is_hidden_in_a_units_name(house):
    house.take("enheter2.csv", f"{UNITS}\n0999;Tlf 91 23 45 67 Per Hansen;Helse;omsorg\n")
    names = house.table("organisation.units")["unit_name"].to_list()
    assert not any("91 23 45 67" in name for name in names)
    assert any("[skjult]" in name for name in names)
    assert "mobilnummeret til en person (rad" in whole_ledger(house)


def test_a_declaration_needs_a_reason_and_never_covers_the_column_of_persons(house):
    house.change_feed("ledger", 0, not_personal={"Streng": "ja"})
    with pytest.raises(ConfigError, match="not_personal"):
        house.context()
    house.change_feed("ledger", 0, not_personal={})
    house.change_feed("hr", 0, not_personal={"ans.nr": "Ansattnummer fra HR-systemet"})
    with pytest.raises(ConfigError, match=r"not_personal\.ans\.nr: «ans\.nr» blir pseudonymisert"):
        house.context()


def test_declarations_are_in_the_warehouse_for_the_report_and_a_misspelt_one_is_told_of(house):
    reason = "Konto og ansvar i ett, fra Unit4"
    house.change_feed("ledger", 0, not_personal={"Strengg": reason})
    house.take("regnskap.csv", accounts("1"))
    assert "«Strengg» som er meldt som ikke personlig, finnes ikke" in whole_ledger(house)
    replace_tables(house.con, "municipality", config_tables(house.context().municipality))
    assert house.table("municipality.not_personal").rows() == [
        ("ledger", "accounts", "Strengg", reason)
    ]
