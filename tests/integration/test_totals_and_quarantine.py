"""From a file to what everyone reads: totals are left out, lines like totals are kroner, and
quarantine says what it found, and how much, without a person's value."""

import json
from pathlib import Path

import pytest

from tests.case_town import MUNICIPALITY, Town

pytestmark = pytest.mark.integration

NAME = "Solveig Hemmelig"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town.build(tmp_path_factory.mktemp("town"))
    columns = {
        "unit_id": {"column": "Ansvar", "unit_code": "cost_centre"},
        "art": {"column": "Art"},
        "function": {"constant": "253"},
        "line_text": {"column": "Tekst"},
        "year": {"column": "År"},
        "period": {"column": "Periode"},
        "amount_type": {"column": "Type"},
        "amount_nok": {"column": "Beløp", "number": {"decimal": ","}},
        "budget_version": {"column": "Versjon"},
        "decided_date": {"column": "Vedtatt"},
    }
    made.configure("ledger", {"columns": columns})
    header, *lines = (made.inbox / "regnskap.csv").read_text(encoding="utf-8").splitlines()
    parts = [line.split(";") for line in lines]
    total = sum(float(part[5].replace(",", ".")) for part in parts)
    text = [f"Tekst;{header}", *(f"Løpende;{line}" for line in lines)]
    text.append("Sum tilskudd;L1;010;2022;2;accounts;-777777;;")
    text.append("Løpende;Nedlagt skole;010;2022;2;accounts;1000,50;;")
    text.append("Løpende;L999;010;2022;2;accounts;2000;;")
    text.append(f"Totalt;;;;;;{total - 777777 + 3000.5:.2f};;".replace(".", ","))
    text.append("Utskrift 03.01.2024;kl. 14:02;;;;;;;")
    made.write("regnskap.csv", "\n".join([*text, ""]))
    positions = made.inbox / "stillinger.csv"
    first, example, *_ = positions.read_text(encoding="utf-8").splitlines()
    number = example.split(";")[0]
    broken = example.replace(number, "77123", 1).split(";")
    broken[first.split(";").index("Pst")] = NAME
    with positions.open("a", encoding="utf-8") as file:
        file.write(";".join(broken) + "\n")
    made.pukk("run")
    return made


def test_readers_see_what_was_found_and_the_kroner_of_few_rows_only_who_runs_it(town: Town) -> None:
    found = town.published(
        "select q.rule_id, q.found_nb, d.rows_quarantined, d.quarantined_nok"
        " from mart_quarantine as q join mart_deliveries as d using (delivery_id)"
        " where d.file_name = 'regnskap.csv' order by q.source_row"
    )
    assert found == [
        ("unknown_unit", "«Nedlagt skole»", 2, None),
        ("unknown_unit", "«L999»", 2, None),
    ]
    held_back = town.warehouse(
        "select quarantined_nok from ops.deliveries where file_name = 'regnskap.csv'"
    )
    assert held_back == [(3000.5,)]
    (report,) = (town.home / MUNICIPALITY / "reports").glob("quality-*.html")
    assert "2 rader i karantene" in report.read_text("utf-8")
    assert "2 rader i karantene, " not in report.read_text("utf-8")


def test_a_line_named_like_a_total_is_money_and_the_total_is_not(town: Town) -> None:
    kept = town.warehouse(
        "select sum(amount_nok) from ledger.entries where line_text = 'Sum tilskudd'"
    )
    assert [float(amount) for (amount,) in kept] == [-777777.0]
    dropped = town.warehouse(
        "select kind, count(*), count(amount) from ops.dropped_rows as r"
        " join ops.deliveries as d using (delivery_id) where d.file_name = 'regnskap.csv'"
        " group by kind order by kind"
    )
    assert dropped == [("footnote", 1, 0), ("header", 1, 0), ("total", 1, 1)]


def test_a_person_is_counted_by_those_who_run_it_and_never_told(town: Town) -> None:
    counted = town.warehouse(
        "select rows_quarantined, quarantined_persons, quarantined_nok from ops.deliveries"
        " where file_name = 'stillinger.csv'"
    )
    # a position of 0 per cent lies in the base deliveries already
    assert counted == [(2, 2, None)]
    (columns,) = zip(
        *town.published(
            "select column_name from information_schema.columns"
            " where table_name = 'mart_deliveries'"
        ),
        strict=True,
    )
    assert not any("person" in name or "days" in name for name in columns)
    everything = str(town.warehouse("select * from ops.quarantine")) + str(
        town.published("select * from mart_quarantine")
    )
    assert NAME not in everything
    assert "77123" not in everything


def test_the_terminal_and_the_report_say_the_same(town: Town) -> None:
    told = town.pukk("quarantine", "--json").stdout
    assert "«Nedlagt skole»" in {row["found_nb"] for row in json.loads(told)}
    shown = town.pukk("quarantine").stdout
    assert "2 rader i karantene, 3 001 kr" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "2 rader i karantene, 2 personer" in shown.replace("\N{NO-BREAK SPACE}", " ")
    (number,) = [
        row["delivery_id"]
        for row in json.loads(town.pukk("deliveries", "--json").stdout)
        if row["file_name"] == "regnskap.csv"
    ]
    one = town.pukk("deliveries", "show", number).stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "sum, stemmer («Totalt»), Beløp:" in one
    assert "2 rader i karantene, 3 001 kr" in one
    report = max((town.home / "smaby" / "reports").glob("*.html")).read_text(encoding="utf-8")
    assert "«Nedlagt skole»" in report
    assert "sum, stemmer" in report
    assert NAME not in report


def test_nothing_of_a_person_lies_in_any_file_of_the_house(town: Town) -> None:
    texts = [
        file for file in Path(town.home / "smaby").rglob("*") if file.suffix in {".json", ".html"}
    ]
    assert texts
    for file in texts:
        assert NAME.encode() not in file.read_bytes()


def test_a_file_of_few_persons_tells_neither_rows_nor_its_print(town: Town) -> None:
    told = "file_sha256, size_bytes, rows_in, rows_loaded"
    few = town.warehouse(
        f"select delivery_id, n_persons, {told} from ops.deliveries where n_persons < 5"
    )
    many = town.warehouse("select delivery_id from ops.deliveries where n_persons >= 5")
    assert few
    assert many
    published = town.published(f"select delivery_id, {told} from mart_deliveries")
    shown = {row[0]: row[1:] for row in published}
    assert all(None not in row for row in few)
    assert {shown[row[0]] for row in few} == {(None, None, None, None)}
    assert all(None not in shown[row[0]] for row in many)
    report = max((town.home / MUNICIPALITY / "reports").glob("*.html")).read_text("utf-8")
    assert not any(row[2] in report for row in few)
