"""The main job on the example, as a user runs it: one build, read in many ways."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest

from pipelines.publishing.generation import export_sorted
from tests.conftest import pukk
from tests.published import generation_file, published, truth, warehouse

pytestmark = pytest.mark.integration

PILOTS = [
    "Gimle sykehjem avd. 1",
    "Fysio-ergoterapitjenesten",
    "Gimle sykehjem avd. 5",
    "Hjemmesykepleien Raufoss",
    "Politisk saksbehandling",
    "Barnevern",
    "Teknisk drift, veg/park og renovasjon",
]


def results(home: Path, *args: str) -> list[dict[str, object]]:
    return list(json.loads(pukk("result", *args, "--json", home=home).stdout))


def test_a_second_run_does_nothing_and_says_so_within_seconds(example_home: Path) -> None:
    started = time.monotonic()
    done = json.loads(pukk("run", "--json", home=example_home).stdout)
    assert done["run_id"] is None
    assert done["is_new"] is False
    assert time.monotonic() - started < 30


def test_the_result_shows_the_seven_pilots_in_order_and_says_it_is_constructed(
    example_home: Path,
) -> None:
    rows = results(example_home)
    assert list(dict.fromkeys(row["unit_name"] for row in rows)) == PILOTS
    text = pukk("result", home=example_home).stdout
    assert text.startswith("Konstruerte eksempeldata")
    assert all(name in text for name in PILOTS)
    assert "make serve" in text


@pytest.mark.parametrize(
    ("unit", "metric", "verdict", "reason"),
    [
        ("Gimle sykehjem avd. 1", "falls_per_1000", "measured_better", "better"),
        ("Gimle sykehjem avd. 1", "overtime_pct", "measured_better", "better"),
        ("Fysio-ergoterapitjenesten", "waiting_days_mean", "measured_better", "better"),
        ("Barnevern", "reports_within_7_days_pct", "measured_better", "better"),
        (
            "Teknisk drift, veg/park og renovasjon",
            "overtime_pct",
            "not_interpretable",
            "budget_cut",
        ),
        ("Politisk saksbehandling", "sick_leave_pct", "suppressed", "suppressed"),
    ],
)
def test_what_was_planted_in_a_pilot_comes_out_of_the_exports(
    example_home: Path, unit: str, metric: str, verdict: str, reason: str
) -> None:
    found = published(
        example_home,
        "select verdict, reason_code, value_before from mart_before_after"
        f" where unit_name = '{unit}' and metric_id = '{metric}'",
    )
    assert [row[:2] for row in found] == [(verdict, reason)]
    if verdict == "suppressed":
        assert found[0][2] is None


def test_every_row_of_every_file_is_where_the_generator_says_it_should_be(
    example_home: Path,
) -> None:
    promised = {
        (d["file"], d["feed"]): (d["outcome"], d["rows"], sum(d["broken"].values()))
        for d in truth(example_home)["deliveries"]
    }
    found = {
        (file, feed): (status, rows_in, quarantined)
        for file, feed, status, rows_in, quarantined in warehouse(
            example_home,
            "select file_name, feed_id, status, rows_in, rows_quarantined from ops.deliveries",
        )
    }
    assert found == promised
    unbalanced = warehouse(
        example_home,
        "select count(*) from ops.deliveries"
        " where rows_in <> rows_loaded + rows_quarantined + rows_duplicate",
    )
    assert unbalanced == [(0,)]


def test_deliveries_and_quarantine_are_listed_without_any_value(example_home: Path) -> None:
    delivered = json.loads(pukk("deliveries", "--json", home=example_home).stdout)
    assert len(delivered) > 70
    assert "erstattet" in pukk("deliveries", home=example_home).stdout
    held = json.loads(pukk("quarantine", "--json", home=example_home).stdout)
    assert {row["rule_id"] for row in held}
    numbers = re.compile(r"\b[5-8]\d{7}\b")  # the example's employee numbers
    assert [row for row in held if numbers.search(row["reason_nb"])] == []


def test_sql_answers_as_table_csv_and_json(example_home: Path) -> None:
    query = "select unit_name from dim_units where is_pilot order by pilot_order"
    rows = json.loads(pukk("sql", query, "--format", "json", home=example_home).stdout)
    assert [row["unit_name"] for row in rows] == PILOTS
    text = pukk("sql", query, "--format", "csv", home=example_home).stdout
    assert text.startswith("\ufeff")
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert [row[0] for row in rows] == ["unit_name", *PILOTS]
    assert PILOTS[0] in pukk("sql", query, home=example_home).stdout


def test_sql_refuses_what_is_not_a_question_to_the_published_tables(example_home: Path) -> None:
    for query in ("drop table dim_units", "select * from read_text('/etc/hostname')"):
        done = pukk("sql", query, home=example_home, check=False)
        assert done.returncode == 5
        assert "Feil" in done.stderr


def test_one_unit_can_be_asked_for_by_part_of_its_name(example_home: Path) -> None:
    rows = results(example_home, "Fysio")
    assert {row["unit_name"] for row in rows} == {"Fysio-ergoterapitjenesten"}
    assert len(rows) > 12
    missing = pukk("result", "Finnes ikke", home=example_home, check=False)
    assert missing.returncode == 1
    assert "Ingen enhet heter" in missing.stderr


def test_the_report_is_one_file_that_asks_nobody_for_anything(example_home: Path) -> None:
    path = Path(pukk("report", "--path", home=example_home).stdout.strip())
    text = path.read_text(encoding="utf-8")
    assert re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", text) is None
    assert "<script" not in text
    for word in ("Leveranser", "karantene", "Vestre Toten"):
        assert word in text


def test_status_and_publish_say_which_generation_readers_see(example_home: Path) -> None:
    status = json.loads(pukk("status", "--json", home=example_home).stdout)
    assert status["up_to_date"] is True
    assert status["rejected"] == []
    listed = json.loads(pukk("publish", "--list", "--json", home=example_home).stdout)
    assert [g["number"] for g in listed if g["is_current"]] == [status["generation"]]


def test_check_reads_configuration_and_contracts_without_running_anything(
    example_home: Path,
) -> None:
    assert (
        "Oppsettet til Vestre Toten kommune er i orden" in pukk("check", home=example_home).stdout
    )


def test_no_name_and_no_employee_number_is_anywhere_in_the_published_file(
    example_home: Path,
) -> None:
    folder = example_home / "vestre_toten"
    with (folder / "truth" / "people.csv").open(encoding="utf-8") as stream:
        people = list(csv.DictReader(stream))
    numbers = {person["employee_number"].encode() for person in people}
    names = {person["name"].split()[-1].encode() for person in people}
    assert len(numbers) > 1100
    assert len(names) > 100
    # DuckDB may compress text, so its rows are searched beside its bytes
    contents = {
        file.name: file.read_bytes()
        for file in [*(folder / "published").iterdir(), *(folder / "reports").iterdir()]
    }
    contents["rows"] = export_sorted(generation_file(example_home))
    history = published(example_home, "select * from mart_deliveries")
    history += published(example_home, "select * from mart_data_quality")
    contents["history"] = repr(history).encode()
    for name, content in contents.items():
        assert [word for word in names if word in content] == [], name
        assert numbers.isdisjoint(re.findall(rb"(?<!\d)\d{8}(?!\d)", content)), name
