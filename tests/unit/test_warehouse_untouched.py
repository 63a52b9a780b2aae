"""A home with nothing to mend is seen as such, and one with anything to mend never is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.ingest.untouched import is_untouched
from pipelines.settings import Paths
from pipelines.warehouse import records
from tests.ingest_fixture import CONTRACTS, House


def _parquet(paths: Paths) -> Path:
    return next(iter(sorted(paths.landing.glob("*/*/ym=*/*.parquet"))))


def _lose_warehouse(paths: Paths) -> None:
    paths.warehouse.unlink()


def _damage_warehouse(paths: Paths) -> None:
    content = bytearray(paths.warehouse.read_bytes())
    for place in range(len(content) // 3, len(content), 4096):
        content[place] ^= 0xFF
    paths.warehouse.write_bytes(bytes(content))


def _cut_warehouse(paths: Paths) -> None:
    paths.warehouse.write_bytes(paths.warehouse.read_bytes()[:5000])


def _leave_a_log(paths: Paths) -> None:
    paths.warehouse.with_name("warehouse.duckdb.wal").touch()


def _lose_last_entry(paths: Paths) -> None:
    records.files(paths)[-1].unlink()


def _change_an_entry(paths: Paths) -> None:
    file = records.files(paths)[0]
    file.write_bytes(file.read_bytes().replace(b"organisation", b"0rganisation", 1))


def _change_a_checksum(paths: Paths) -> None:
    file = records.files(paths)[0]
    file.write_bytes(b"0" * 64 + file.read_bytes()[64:])


def _add_an_entry(paths: Paths) -> None:
    last = records.read(records.files(paths)[-1])
    records.write(paths, records.make(last.number + 1, "decision", last.sha256, {}))


def _add_a_delivery(paths: Paths) -> None:
    file = _parquet(paths)
    file.with_name("D999999.parquet").write_bytes(file.read_bytes())


def _begin_to_rewrite(paths: Paths) -> None:
    (paths.landing / ".rewriting").mkdir()


def test_a_home_as_it_was_left_is_untouched(house: House) -> None:
    house.con.close()
    assert is_untouched(house.paths, CONTRACTS)
    # asking changes nothing
    assert is_untouched(house.paths, CONTRACTS)


@pytest.mark.parametrize(
    "happens",
    [
        _lose_warehouse,
        _damage_warehouse,
        _cut_warehouse,
        _leave_a_log,
        _lose_last_entry,
        _change_an_entry,
        _change_a_checksum,
        _add_an_entry,
        _add_a_delivery,
        _begin_to_rewrite,
    ],
)
def test_what_must_be_mended_is_seen(house: House, happens: Callable[[Paths], None]) -> None:
    house.con.close()
    happens(house.paths)
    assert not is_untouched(house.paths, CONTRACTS)


def test_a_warehouse_that_somebody_writes_to_is_not_judged(house: House) -> None:
    # a connection of this process with other settings cannot be joined, as another's could not
    assert not is_untouched(house.paths, CONTRACTS)
