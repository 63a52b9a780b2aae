"""Whole runs: a correction held, compared, accepted and withdrawn; the warehouse lost."""

import json

import pytest

from pipelines.publishing.contents import export_sorted
from tests.case_town import MUNICIPALITY
from tests.published import generation_file, pointer

HEADER = "Enhet;Måned;Mål;Verdi\n"


def seen(town):
    """Return what readers are pointed to, and every table there that the deliveries decide."""
    return pointer(town.home, MUNICIPALITY), export_sorted(generation_file(town.home, MUNICIPALITY))


@pytest.fixture(scope="module")
def town(built_town, tmp_path_factory):
    return built_town.copied_to(tmp_path_factory.mktemp("leveranser") / "town")


def harm(file, how):
    if how == "deleted":
        file.unlink()
    elif how == "older":
        file.write_bytes((file.parent / "kopi.duckdb").read_bytes())
    elif how == "truncated":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    else:
        content = bytearray(file.read_bytes())
        for start in range(12_288, len(content), 262_144):
            content[start + 5000] ^= 1
        file.write_bytes(content)


def test_a_correction_is_held_compared_accepted_and_withdrawn(town):
    pointed, first = seen(town)
    (town.home / MUNICIPALITY / "kopi.duckdb").write_bytes(
        (town.home / MUNICIPALITY / "warehouse.duckdb").read_bytes()
    )
    town.write("tall_rettet.csv", HEADER + "M1;2024-05;zeros_n;41\n")
    (held,) = json.loads(town.pukk("run", "--hold", "--json").stdout)
    number = held["delivery_id"]
    assert (held["status"], held["rows_in"]) == ("held", 1)
    assert seen(town) == (pointed, first)

    changes = json.loads(town.pukk("deliveries", "diff", number, "--json").stdout)
    value = next(row for row in changes if row["measure"] == "value" and row["unit_id"] == "M1")
    assert (value["period_ym"], value["after"]) == ("2024-05", 41.0)
    assert number in town.pukk("status").stdout
    refused = town.pukk("deliveries", "accept", number, "--reason", " ", check=False)
    assert refused.returncode == 1
    assert "Begrunnelsen er tom" in refused.stderr

    town.pukk("deliveries", "accept", number, "--reason", "Avtalt med enheten.")
    assert seen(town) == (pointed, first)
    town.pukk("run")
    _, corrected = seen(town)
    assert corrected != first

    town.pukk("deliveries", "withdraw", number, "--reason", "Gjaldt en annen enhet.")
    told = town.pukk("deliveries", "show", number).stdout
    assert "trukket tilbake" in told
    assert "Gjaldt en annen enhet." in told
    town.pukk("run")
    assert seen(town)[1] == first
    assert "Ingenting nytt" in town.pukk("run").stdout


@pytest.mark.parametrize("how", ["deleted", "older", "truncated", "flipped"])
def test_a_lost_warehouse_gives_the_same_again_and_readers_see_no_difference(town, how):
    pointed, before = seen(town)
    harm(town.home / MUNICIPALITY / "warehouse.duckdb", how)
    assert seen(town) == (pointed, before)
    command = "run" if how in {"deleted", "older"} else "rebuild"
    told = town.pukk(command).stdout
    assert ("manglet" if how == "older" else "bygd på nytt") in told
    assert seen(town)[1] == before
    assert town.warehouse("select count(*) from ops.decisions") == [(2,)]
