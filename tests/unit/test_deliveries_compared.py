"""What a delivery changes, and what withdrawing it brings back."""

import polars as pl
import pytest

from pipelines.cli.delivery_shown import totals_of
from pipelines.errors import PukkError
from pipelines.ingest.compare import CHANGED, ROWS, Effect, effect_of
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.run import IngestContext
from tests.ingest_fixture import (
    CONTRACTS,
    JANUARY,
    SOURCES,
    House,
    ingest_all,
    position,
    positions,
)
from tests.ops_tables import list_deliveries

CORRECTED = "stillinger_2012-01_rettet.csv"
SIX = [position(str(number)) for number in range(1, 7)]
LEDGER = "Ansvar;Konto;Periode;Regnskap\n"


def decide(house, action, delivery_id, reason="Feil fil."):
    return decide_delivery(house.con, house.paths, action, delivery_id, reason, "kari")


def effect(house, result, limit=5):
    contract = CONTRACTS[result.contract_id]
    return effect_of(house.con, house.paths, contract, result.feed_id, result.delivery_id, limit)


def sums(found):
    return {
        (row["period_ym"], row["unit_id"], row["measure"]): (row["before"], row["after"])
        for row in found.changes.to_dicts()
    }


def status(house, delivery_id):
    return dict(list_deliveries(house.con).select("delivery_id", "status").iter_rows())[delivery_id]


def months(house):
    return house.table("hr.positions").group_by("period_ym").len().sort("period_ym").rows()


def hold(house, name, content):
    house.drop(name, content)
    ctx = house.context()
    (result,) = ingest_all(
        IngestContext(ctx.municipality, ctx.contracts, ctx.paths, ctx.key, ctx.con, hold=True)
    )
    return result


def test_a_held_correction_shows_what_it_would_change_per_period_and_unit(house):
    house.take("regnskap_1.csv", f"{LEDGER}3120;10100;201201;10,5\n0450;10100;201202;20\n")
    result = hold(house, "regnskap_2.csv", f"{LEDGER}3120;10100;201201;30\n3120;10100;201201;1\n")
    assert (result.status, result.reason_code) == ("held", "asked")
    found = effect(house, result)
    assert sums(found) == {
        ("2012-01", "E1", ROWS): (1, 2),
        ("2012-01", "E1", "amount_nok"): (10.5, 31),
        ("2012-01", "E1", CHANGED): (None, 2),
    }
    assert found.replaced == {"2012-01": "D000003"}
    assert found.in_force == []
    assert [float(nok) for nok in house.table("ledger.entries")["amount_nok"]] == [10.5, 20.0]


def test_a_content_that_is_read_otherwise_is_compared_with_how_it_was_read_before(house):
    file = f"{LEDGER}3120;10100;201201;10,5\n0450;10100;201202;20\n"
    first = house.take("regnskap_1.csv", file)
    columns = {**SOURCES["ledger"][0]["columns"]}
    columns["amount_nok"] = {"column": "Regnskap", "scale": 1000}
    house.change_feed("ledger", 0, columns=columns)
    again = hold(house, "regnskap_1.csv", file)
    assert again.status == "held"
    found = effect(house, again)
    assert sums(found)["2012-01", "E1", "amount_nok"] == (10.5, 10_500)
    assert sums(found)["2012-02", "E2", ROWS] == (1, 1)
    assert found.replaced == {"2012-01": first.delivery_id, "2012-02": first.delivery_id}


def test_a_delivery_that_counts_and_one_that_is_replaced_show_what_they_did(house):
    first = house.take(JANUARY, positions(*SIX))
    second = house.take(CORRECTED, positions(*SIX[:5], position("6", pct="40")))
    found = effect(house, second)
    assert found.in_force == ["2012-01"]
    assert sums(found)["2012-01", "E1", "position_pct"] == (480, 440)
    assert sums(found)["2012-01", "E1", CHANGED] == (None, 1)
    assert effect(house, first).replaced_by == {"2012-01": second.delivery_id}


def test_groups_below_the_limit_are_hidden_on_both_sides(house):
    house.take(JANUARY, positions(*SIX))
    second = house.take(CORRECTED, positions(*SIX[:4]))
    found = effect(house, second).changes
    assert found["is_hidden"].all()
    assert found.select("before", "after").null_count().row(0) == (found.height, found.height)


def test_withdrawing_brings_back_what_was_replaced_and_the_file_is_not_read_again(house):
    first = house.take(JANUARY, positions(*SIX))
    second = house.take(CORRECTED, positions(*SIX[:2]))
    done = decide(house, "withdraw", second.delivery_id)
    assert (done.status, done.changed_periods) == ("withdrawn", ["2012-01"])
    assert months(house) == [("2012-01", 6)]
    assert status(house, first.delivery_id) == "loaded"
    assert house.ingest() == []
    copy = house.take("kopi/stillinger_2012-01.csv", positions(*SIX[:2]))
    assert (copy.status, copy.duplicate_of) == ("duplicate", second.delivery_id)
    assert "trukket tilbake" in (copy.reason_nb or "")
    assert months(house) == [("2012-01", 6)]


def test_a_withdrawn_file_is_not_read_again_when_its_mapping_is_changed(house):
    done = house.take(JANUARY, positions(*SIX, position("7", unit="7777 Ny")))
    decide(house, "withdraw", done.delivery_id)
    columns = {**SOURCES["hr"][0]["columns"], "job_code": {"column": "Stilling"}}
    house.change_feed("hr", 0, columns=columns, ignore_columns=[])
    assert house.ingest() == []
    assert months(house) == []


def test_accepting_a_withdrawn_delivery_undoes_the_withdrawal(house):
    house.take(JANUARY, positions(*SIX))
    second = house.take(CORRECTED, positions(*SIX[:2]))
    before = house.table("hr.positions")
    decide(house, "withdraw", second.delivery_id)
    done = decide(house, "accept", second.delivery_id, "Den var riktig likevel.")
    assert (done.status, done.changed_periods) == ("loaded", ["2012-01"])
    assert house.table("hr.positions").equals(before)
    rows = house.con.execute("select action, decided_by, reason from ops.decisions").fetchall()
    assert rows == [
        ("withdraw", "kari", "Feil fil."),
        ("accept", "kari", "Den var riktig likevel."),
    ]


def test_every_reading_of_a_content_is_withdrawn_with_it(house):
    done = house.take(JANUARY, positions(*SIX, position("7", unit="7777 Ny")))
    house.drop("koder_nye.csv", "System;Kode;Enhet;Fra;Til\ncost_centre;3120;E1;;\n"
               "cost_centre;7777;E3;;\n")  # fmt: skip
    _, again = house.ingest()
    assert months(house) == [("2012-01", 7)]
    decide(house, "withdraw", again.delivery_id)
    assert months(house) == []
    assert status(house, done.delivery_id) == "withdrawn"


def test_a_month_typed_wrong_goes_when_the_delivery_is_withdrawn(house):
    wrong = house.take("regnskap_1.csv", f"{LEDGER}3120;10100;201201;10\n3120;10100;201112;20\n")
    decide(house, "withdraw", wrong.delivery_id, "Måneden var skrevet feil.")
    house.take("regnskap_2.csv", f"{LEDGER}3120;10100;201201;10\n3120;10100;201202;20\n")
    assert house.table("ledger.entries")["period_ym"].to_list() == ["2012-01", "2012-02"]


def test_a_rejected_file_cannot_be_withdrawn(house):
    refused = house.take(JANUARY, positions(position("1", pct="åtti")))
    with pytest.raises(PukkError, match="er avvist"):
        decide(house, "withdraw", refused.delivery_id)


def test_a_decision_stands_when_the_house_is_opened_again(house):
    done = house.take(JANUARY, positions(*SIX))
    decide(house, "withdraw", done.delivery_id)
    house.con.close()
    again = House(house.folder.parent)
    assert again.ingest() == []
    assert status(again, done.delivery_id) == "withdrawn"
    again.con.close()


def test_a_sum_of_hidden_units_is_hidden_and_what_was_not_there_has_no_sum():
    columns = ("period_ym", "unit_id", "kind", "measure", "before", "after", "is_hidden")
    rows = [
        ("2024-01", "A", "small", "rader", None, None, True),
        ("2024-01", "A", "mixed", "rader", None, None, True),
        ("2024-01", "B", "mixed", "rader", None, 7.0, False),
    ]
    changes = pl.DataFrame(rows, schema=columns, orient="row")
    found = {row["kind"]: row for row in totals_of(Effect({}, {}, [], changes))}
    assert (found["small"]["after"], found["small"]["is_hidden"]) == (None, True)
    mixed = found["mixed"]
    assert (mixed["before"], mixed["after"], mixed["n_hidden"]) == (None, 7.0, 1)
    assert not mixed["is_hidden"]


BUDGET = "Ansvar;Konto;Periode;Beløp;Type;Versjon\n"


def with_budget(house):
    columns = {
        **{n: c for n, c in SOURCES["ledger"][0]["columns"].items() if n != "amount_type"},
        "amount_nok": {"column": "Beløp"},
        "amount_type": {
            "column": "Type",
            "values": {"R": "accounts", "B": "revised_budget", "O": "original_budget"},
        },
        "budget_version": {"column": "Versjon"},
    }
    house.change_feed("ledger", 0, columns=columns)


def test_a_budget_that_stands_beside_a_newer_version_is_not_named_as_replaced(house):
    with_budget(house)
    first = house.take("regnskap_1.csv", f"{BUDGET}3120;10100;201201;100;B;1\n")
    second = house.take("regnskap_2.csv", f"{BUDGET}3120;10100;201201;120;B;2\n")
    again = house.take("regnskap_3.csv", f"{BUDGET}3120;10100;201201;130;B;2\n")
    assert (effect(house, first).replaced_by, effect(house, first).in_force) == ({}, ["2012-01"])
    assert effect(house, second).replaced == {}
    assert effect(house, second).replaced_by == {"2012-01": again.delivery_id}
    assert effect(house, second).in_force == []
    assert effect(house, again).replaced == {"2012-01": second.delivery_id}
    assert sums(effect(house, again))["2012-01", "E1", "amount_nok"] == (120, 130)


def test_a_file_that_replaces_a_part_of_each_of_two_says_so_per_period(house):
    with_budget(house)
    accounts = house.take(
        "regnskap_1.csv", f"{BUDGET}3120;10100;201201;10;R;\n3120;10100;201202;20;R;\n"
    )
    budget = house.take("regnskap_2.csv", f"{BUDGET}3120;10100;201201;100;O;\n")
    both = house.take(
        "regnskap_3.csv", f"{BUDGET}3120;10100;201201;11;R;\n3120;10100;201201;90;O;\n"
    )
    found = effect(house, both)
    assert found.replaced == {"2012-01": f"{accounts.delivery_id}, {budget.delivery_id}"}
    totals = {
        row["kind"]: (row["before"], row["after"])
        for row in totals_of(found)
        if row["measure"] == "amount_nok"
    }
    assert totals == {"accounts": (10, 11), "original_budget": (100, 90)}
    assert effect(house, accounts).replaced_by == {"2012-01": both.delivery_id}
    assert effect(house, accounts).in_force == ["2012-02"]
    assert effect(house, budget).replaced_by == {"2012-01": both.delivery_id}


def test_a_file_of_accounts_replaces_the_accounts_and_leaves_the_budget_in_force(house):
    with_budget(house)
    first = house.take(
        "regnskap_1.csv", f"{BUDGET}3120;10100;201201;10;R;\n3120;10100;201201;100;O;\n"
    )
    second = house.take("regnskap_2.csv", f"{BUDGET}3120;10100;201201;11;R;\n")
    assert effect(house, first).replaced_by == {"2012-01": second.delivery_id}
    assert effect(house, first).in_force == ["2012-01"]
    assert sums(effect(house, second))["2012-01", "E1", "amount_nok"] == (10, 11)
