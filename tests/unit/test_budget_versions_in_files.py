"""A new version of a budget comes in a file of its own and leaves the others as they are."""

from decimal import Decimal

import pytest

from pipelines.errors import DamagedError
from pipelines.ingest.compare import ROWS, effect_of
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.in_force import Table, refresh
from pipelines.ingest.rebuild import rebuild
from tests.ingest_fixture import CONTRACTS, SOURCES, House

FEED = {
    "id": "budget",
    "table": "entries",
    "files": ["budsjett*"],
    "period": {"source": "year_period"},
    "identical_rows": "keep",
    "columns": {
        "unit_id": {"column": "Ansvar", "unit_code": "cost_centre"},
        "art": {"column": "Art"},
        "year": {"column": "År"},
        "amount_type": {"column": "Type"},
        "amount_nok": {"column": "Beløp"},
        "budget_version": {"column": "Versjon"},
    },
}
ARTS = ("010", "020", "110", "120", "130")
ORIGINAL, FIRST = ("original_budget", "Vedtatt"), ("revised_budget", "R1")
SECOND = ("revised_budget", "R2")


@pytest.fixture
def town(house: House) -> House:
    house.configure({"organisation": SOURCES["organisation"], "ledger": [FEED]})
    return house


def lines(part: tuple[str, str], amount: int, arts: tuple[str, ...] = ARTS, year=2012) -> str:
    kind, version = part
    return "".join(f"3120;{art};{year};{kind};{amount};{version}\n" for art in arts)


def deliver(town: House, name: str, *blocks: str):
    result = town.take(name, "Ansvar;Art;År;Type;Beløp;Versjon\n" + "".join(blocks))
    assert result.status == "loaded", result.reason_nb
    return result


def held(town: House) -> dict[tuple[str, str], tuple[int, Decimal]]:
    rows = town.con.sql(
        "select amount_type, budget_version, count(*), sum(amount_nok) from ledger.entries"
        " group by all"
    ).fetchall()
    return {(kind, version): (n, amount) for kind, version, n, amount in rows}


def test_a_later_version_leaves_the_original_and_the_versions_before(town: House) -> None:
    deliver(town, "budsjett.csv", lines(ORIGINAL, 90), lines(FIRST, 100))
    second = deliver(town, "budsjett_R2.csv", lines(SECOND, 150, ARTS[:1]))
    assert held(town) == {ORIGINAL: (5, 450), FIRST: (5, 500), SECOND: (1, 150)}
    statuses = town.con.sql("select status from ops.deliveries where contract_id = 'ledger'")
    assert statuses.fetchall() == [("loaded",), ("loaded",)]
    contract = CONTRACTS["ledger"]
    found = effect_of(town.con, town.paths, contract, "budget", second.delivery_id, 5)
    counted = [row for row in found.changes.to_dicts() if row["measure"] == ROWS]
    # nothing stood there of that version, and nothing that stood is said to go
    assert [(row["before"], row["after"]) for row in counted] == [(None, 1)]


def test_a_version_corrected_late_is_replaced_alone(town: House) -> None:
    deliver(town, "budsjett.csv", lines(ORIGINAL, 90), lines(FIRST, 100))
    deliver(town, "budsjett_R2.csv", lines(SECOND, 150, ARTS[:2]))
    mended = deliver(town, "budsjett_R1_rettet.csv", lines(FIRST, 101))
    assert held(town) == {ORIGINAL: (5, 450), FIRST: (5, 505), SECOND: (2, 300)}
    decide_delivery(town.con, town.paths, "withdraw", mended.delivery_id, "Feil fil.", "kari")
    assert held(town) == {ORIGINAL: (5, 450), FIRST: (5, 500), SECOND: (2, 300)}


def test_other_years_are_left_alone_and_the_same_file_twice_changes_nothing(town: House) -> None:
    deliver(town, "budsjett.csv", lines(FIRST, 100), lines(FIRST, 7, year=2011))
    deliver(town, "budsjett_R2.csv", lines(SECOND, 150))
    before = held(town)
    again = town.take(
        "budsjett_igjen.csv",
        "Ansvar;Art;År;Type;Beløp;Versjon\n" + lines(FIRST, 100) + lines(FIRST, 7, year=2011),
    )
    assert again.status == "duplicate"
    assert held(town) == before == {FIRST: (10, 535), SECOND: (5, 750)}


def test_the_table_filled_anew_from_landing_is_the_same(town: House) -> None:
    deliver(town, "budsjett.csv", lines(ORIGINAL, 90), lines(FIRST, 100))
    deliver(town, "budsjett_R2.csv", lines(SECOND, 150, ARTS[:2]))
    deliver(town, "budsjett_R1_rettet.csv", lines(FIRST, 101))
    before = town.table("ledger.entries").sort("delivery_id", "source_row")
    town.con.execute("delete from ledger.entries")
    refresh(town.con, town.paths, Table("ledger", "entries", "budget"))
    assert town.table("ledger.entries").sort("delivery_id", "source_row").equals(before)


def test_accounts_are_replaced_whatever_the_column_of_versions_says(town: House) -> None:
    deliver(town, "budsjett.csv", lines(("accounts", "juni"), 80), lines(FIRST, 100))
    deliver(town, "budsjett_rettet.csv", lines(("accounts", "juli"), 81))
    assert held(town) == {("accounts", "juli"): (5, 405), FIRST: (5, 500)}


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_file_lost_from_landing_never_empties_what_others_delivered(town: House, harm) -> None:
    deliver(town, "budsjett.csv", lines(ORIGINAL, 90), lines(FIRST, 100))
    second = deliver(town, "budsjett_R2.csv", lines(SECOND, 150, ARTS[:1]))
    deliver(town, "budsjett_R2_rettet.csv", lines(SECOND, 160, ARTS[:1]))
    town.con.close()
    (file,) = town.paths.landing.glob(f"ledger/entries/*/{second.delivery_id}.parquet")
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(b"x" * 50)
    with pytest.raises(DamagedError, match=str(file)):
        rebuild(town.paths, CONTRACTS)


def many_units(kind: str, version: str, units: tuple[str, ...], amount: int, year: int) -> str:
    return "".join(
        f"{unit};{art};{year};{period};{kind};{amount};{version}\n"
        for unit in units
        for period in range(1, 13)
        for art in ("010", "020")
    )


def test_a_version_of_changed_lines_is_no_half_file(house: House) -> None:
    feed = FEED | {"columns": FEED["columns"] | {"period": {"column": "Måned"}}}
    house.configure({"organisation": SOURCES["organisation"], "ledger": [feed]})
    codes = tuple(f"{n}" for n in range(4001, 4009))
    house.take(
        "enheter_flere.csv",
        "Enhetsnr;Enhetsnavn;Område;Type\n"
        + "".join(f"F{code};Avdeling {code};Omsorg;nursing_home\n" for code in codes),
    )
    house.take(
        "koder_egne.csv",
        "System;Kode;Enhet;Fra;Til\n"
        + "".join(f"cost_centre;9{code};F{code};;\n" for code in codes),
    )
    units = tuple(f"9{code}" for code in codes)
    head = "Ansvar;Art;År;Måned;Type;Beløp;Versjon\n"
    whole = [
        many_units(kind, version, units, 1000, year)
        for kind, version in (("accounts", ""), ("revised_budget", "R1"))
        for year in (2012, 2013)
    ]
    assert house.take("budsjett.csv", head + "".join(whole)).status == "loaded"
    changed = head + many_units("revised_budget", "R2", units[:2], 40, 2013)
    told = house.take("budsjett_R2.csv", changed)
    assert (told.status, told.reason_nb) == ("loaded", None)
    # a version again, with a fraction of its own lines, is doubtful; so are accounts of few units
    whole_version = head + many_units("revised_budget", "R3", units, 1000, 2013)
    assert house.take("budsjett_R3.csv", whole_version).status == "loaded"
    part_of_it = head + many_units("revised_budget", "R3", units[:1], 1000, 2013)
    assert house.take("budsjett_R3b.csv", part_of_it).reason_code == "few_rows"
    few = head + many_units("accounts", "", units[:2], 1000, 2013)
    assert "units_missing" in str(house.take("budsjett_regnskap.csv", few).reason_code)
