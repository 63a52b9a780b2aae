"""The generator: the same bytes every time, no more broken rows than planted, clear refusals."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from pipelines.errors import ConfigError
from pipelines.example.generate import generate
from pipelines.example.people import make_positions
from pipelines.example.series import effect_shape, month_index, month_start, slow_swing
from pipelines.example.spec import load_spec
from pipelines.example.writing import amount, employee_text, mixed_date, number, write_lines
from pipelines.settings import MUNICIPALITIES_DIR, REPO_ROOT

FOLDER = MUNICIPALITIES_DIR / "vestre_toten"
RUN = """
import sys
from pathlib import Path
from pipelines.example.generate import generate
folder, home = Path(sys.argv[1]), Path(sys.argv[2])
generate(folder, home / "inbox", home / "truth")
"""


@pytest.fixture(scope="module")
def spec():
    return load_spec(FOLDER)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = tmp_path_factory.mktemp("made")
    return home, generate(FOLDER, home / "inbox", home / "truth")


def hashes(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_two_runs_with_different_hash_seeds_give_the_same_bytes(made, tmp_path):
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(REPO_ROOT)}
    subprocess.run(
        [sys.executable, "-c", RUN, str(FOLDER), str(tmp_path)], env=environment, check=True
    )
    assert hashes(tmp_path) == hashes(made[0])


def test_the_returned_files_are_the_inbox_and_of_modest_size(made):
    home, files = made
    on_disk = {path for path in (home / "inbox").rglob("*") if path.is_file()}
    assert set(files) == on_disk
    assert len(files) == len(on_disk)
    assert 60 <= len(files) <= 90
    assert sum(path.stat().st_size for path in files) < 15_000_000


def test_expected_errors_are_the_planted_ones(made, spec):
    home, _ = made
    truth = json.loads((home / "truth/truth.json").read_text(encoding="utf-8"))
    planted = Counter()
    duplicates = 0
    for delivery in truth["deliveries"]:
        if delivery["outcome"] == "loaded":
            planted.update(delivery["broken"])
            duplicates += delivery["duplicates"]
    expected = Counter()
    for kinds in (
        spec.broken.sick_leave,
        spec.broken.positions,
        spec.broken.unit_metrics,
        spec.broken.ledger,
    ):
        expected.update(kinds)
    assert duplicates == expected.pop("duplicate")
    assert planted == expected


def test_history_comes_by_year_and_2018_by_month(made):
    names = [path.name for path in made[1]]
    assert [name for name in names if name.startswith("nokkeltall_2018")] == [
        f"nokkeltall_2018_{month:02d}.csv" for month in range(1, 13)
    ]
    assert "nokkeltall_2017.csv" in names
    assert "sykefravar_2018_03_korrigert.csv" in names
    assert "sykefravar_2018_05_kopi.csv" in names


def test_encodings_are_as_mixed_as_in_real_exports(made):
    starts = Counter(path.read_bytes()[:2] for path in made[1])
    assert starts[b"\xff\xfe"] == 1
    assert starts[b"PK"] == 3
    assert starts[b"\xef\xbb"] > 10
    home = made[0]
    report = (home / "inbox/fravar/fravarsrapport_2009.csv").read_bytes()
    assert "Fraværsrapport".encode("cp1252") in report


def test_a_copied_file_is_the_same_to_the_byte_and_a_corrected_one_is_longer(made):
    folder = made[0] / "inbox/fravar"
    assert (folder / "sykefravar_2018_05_kopi.csv").read_bytes() == (
        folder / "sykefravar_2018_05.csv"
    ).read_bytes()
    first = (folder / "sykefravar_2018_03.csv").read_bytes().count(b"\r\n")
    assert (folder / "sykefravar_2018_03_korrigert.csv").read_bytes().count(b"\r\n") == first + 4


def test_nobody_is_in_two_main_positions_at_once(spec):
    positions = make_positions(spec, np.random.default_rng(3))
    by_person = {}
    for position in positions:
        if not position.is_second and position.kind != "hourly":
            by_person.setdefault(position.employee, []).append(position)
    for own in by_person.values():
        own.sort(key=lambda position: position.start)
        for earlier, later in itertools.pairwise(own):
            assert earlier.end is not None
            assert earlier.end < later.start


def test_head_count_and_fte_are_met_whatever_the_chance(spec):
    for seed in (1, 2, 3):
        day = spec.reference_date.toordinal()
        positions = make_positions(spec, np.random.default_rng(seed))
        active = [p for p in positions if p.kind != "hourly" and p.active_on(day)]
        assert len({p.employee for p in active}) == 1100
        assert sum(p.pct for p in active) == 7_850_000
        assert all(0 < p.pct <= 10_000 for p in positions)


def test_a_position_keeps_its_id_through_a_reorganisation(spec):
    positions = make_positions(spec, np.random.default_rng(1))
    units = {}
    for position in positions:
        units.setdefault(position.position_id, []).append(position.unit_id)
    assert ["u0230" in own and "u0210" in own for own in units.values()].count(True) > 3


def test_employee_numbers_are_eight_digits_that_are_no_date(spec):
    positions = make_positions(spec, np.random.default_rng(1))
    assert all(50_000_000 <= p.employee < 89_000_000 for p in positions)


def test_an_effect_is_absent_before_whole_during_and_fades_after(spec):
    shape = effect_shape(spec, date(2012, 2, 1), date(2013, 4, 1), 3)
    start, end = month_index(spec, date(2012, 2, 1)), month_index(spec, date(2013, 4, 1))
    assert shape[:start].sum() == 0
    assert set(shape[start:end]) == {1.0}
    assert shape[end : end + 3].tolist() == [0.75, 0.5, 0.25]
    assert shape[end + 3 :].sum() == 0


def test_months_are_counted_from_the_first_year(spec):
    assert month_start(spec, 0) == date(2009, 1, 1)
    assert month_start(spec, 119) == date(2018, 12, 1)
    assert month_index(spec, date(2018, 12, 31)) == 119


def test_a_slow_swing_has_the_asked_spread_and_memory():
    swing = slow_swing(np.random.default_rng(1), (400, 200), 0.5, memory=0.6)
    assert swing.std() == pytest.approx(0.5, rel=0.03)
    neighbours = np.corrcoef(swing[:, :-1].ravel(), swing[:, 1:].ravel())[0, 1]
    assert neighbours == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize(
    ("cents", "minus", "decimals", "shown"),
    [
        (123_456_750, "before", True, "1 234 567,50"),
        (-18_122_050, "behind", True, "181 220,50-"),
        (-41_230_000, "parentheses", True, "(412 300,00)"),
        (-99_900, "before", False, "-999"),
        (0, "behind", True, "0,00"),
        (5, "before", True, "0,05"),
    ],
)
def test_amounts_are_written_as_the_accounting_system_does(cents, minus, decimals, shown):
    assert amount(cents, space=" ", decimals=decimals, minus=minus) == shown


def test_dates_numbers_and_employee_numbers_are_mixed_in_a_fixed_way():
    day = date(2012, 1, 3).toordinal()
    assert mixed_date(day, 0, first="dmy") == "03.01.2012"
    assert mixed_date(day, 3, first="dmy") == "03/01/2012"
    assert mixed_date(day, 11, first="dmy") == "2012-01-03"
    assert mixed_date(day, 11, first="iso") == "03.01.2012"
    assert number(62.5) == "62,5"
    assert number(100.0) == "100"
    assert {employee_text(61234567, turn) for turn in range(13)} == {
        "61234567",
        "0061234567",
        "'61234567",
    }


def test_cells_with_separators_and_quotes_are_quoted(tmp_path):
    path = write_lines(tmp_path / "a" / "b.csv", [["x;y", 'say "hi"', "z"]], encoding="utf-8")
    assert path.read_bytes() == b'"x;y";"say ""hi""";z\r\n'


def test_a_folder_without_a_recipe_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(ConfigError, match=r"example\.yml"):
        load_spec(tmp_path)


def test_a_recipe_with_an_unknown_key_is_refused(tmp_path):
    recipe = yaml.safe_load((FOLDER / "example.yml").read_text(encoding="utf-8"))
    recipe["people"]["shoe_size"] = 42
    (tmp_path / "example.yml").write_text(yaml.safe_dump(recipe), encoding="utf-8")
    with pytest.raises(ConfigError, match="shoe_size"):
        load_spec(tmp_path)
