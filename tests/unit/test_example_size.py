"""A larger example: the first part to the letter, then parts with units and people of their own."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.example.generate import generate
from pipelines.example.size import parts_of
from pipelines.example.spec import load_spec
from pipelines.settings import MUNICIPALITIES_DIR

FOLDER = MUNICIPALITIES_DIR / "vestre_toten"
BOOKED = -1


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    made = []
    for size in (1, 2):
        home = tmp_path_factory.mktemp(f"size{size}")
        generate(FOLDER, home / "inbox", home / "truth", size)
        made.append(home)
    return made


def lines(path: Path, encoding: str = "cp1252") -> list[str]:
    return path.read_bytes().decode(encoding).split("\r\n")


def in_cents(amount: str) -> int:
    sign = -1 if "(" in amount or "-" in amount else 1
    return sign * int("".join(filter(str.isdigit, amount)))


def test_the_first_part_stands_first_in_every_file_and_lean_is_as_it_was(homes):
    one, two = (home / "inbox" for home in homes)
    paths = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert paths == sorted(p.relative_to(two) for p in two.rglob("*") if p.is_file())
    for path in paths:
        first, larger = (one / path).read_bytes(), (two / path).read_bytes()
        if path.parts[0] == "lean":
            assert first == larger, path
        elif path.suffix == ".csv":
            # what is last in a file may be a total of it
            assert larger[: int(len(first) * 0.9)] == first[: int(len(first) * 0.9)], path
            assert 1.8 < len(larger) / len(first) < 2.2, path


def test_no_unit_code_name_employee_or_position_is_in_two_parts(homes):
    inbox = homes[1] / "inbox"
    units = [line.split(";") for line in lines(inbox / "organisasjon/enheter.csv")[1:-1]]
    assert len(units) == 2 * len(load_spec(FOLDER).units)
    codes = [tuple(line.split(";")[:2]) for line in lines(inbox / "organisasjon/enhetskoder.csv")]
    for values in ([u[0] for u in units], [u[1] for u in units], codes[1:-1]):
        assert Counter(values).most_common(1)[0][1] == 1
    first, larger = (lines(home / "truth/people.csv", "utf-8")[1:-1] for home in homes)
    numbers = [line.split(",")[0] for line in larger]
    assert numbers[: len(first)] == [line.split(",")[0] for line in first]
    assert len(set(numbers)) == len(numbers) > 1.9 * len(first)
    held = [line.split(";") for line in lines(next((inbox / "hr").iterdir()))[4:-2]]
    parts = {row[1]: set() for row in held}
    for row in held:
        parts[row[1]].add(row[2].endswith(" 2"))
    assert all(len(found) == 1 for found in parts.values())


def test_the_last_lines_count_all_parts(homes):
    inbox = homes[1] / "inbox"
    positions = lines(next((inbox / "hr").iterdir()))
    assert positions[-2] == f"Antall rader: {len(positions) - 6}"
    *rows, total = lines(inbox / "okonomi/regnskap_2018_03.csv", "utf-8-sig")[4:-1]
    booked = [row.split(";")[BOOKED] for row in rows]
    readable = sum(in_cents(amount) for amount in booked if amount != "se bilag")
    assert readable == in_cents(total.split(";")[BOOKED])
    report = lines(inbox / "fravar/fravarsrapport_2010.csv")
    sums = [line.split(";")[BOOKED] for line in report if line.startswith("Sum ansvar")]
    assert report[-4].split(";")[BOOKED].replace(" ", "") == str(
        sum(int(days.replace(" ", "")) for days in sums)
    )


def test_the_truth_tells_of_all_parts(homes):
    one, two = (json.loads((home / "truth/truth.json").read_text()) for home in homes)
    assert two["people"]["employees"] == 2 * one["people"]["employees"]
    assert two["effects"] == one["effects"]
    for before, after in zip(one["deliveries"], two["deliveries"], strict=True):
        assert (before["file"], before["broken"]) == (after["file"], after["broken"])
        if not before["file"].startswith("lean/"):
            assert after["rows"] > 1.8 * before["rows"], before["file"]


def test_a_size_that_there_are_no_codes_for_is_refused():
    with pytest.raises(ConfigError, match="ikke gjøres 101 ganger"):
        parts_of(load_spec(FOLDER), 101)
