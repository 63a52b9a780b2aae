"""The example's own pack: made of its edition, signed, accepted, and telling of no few."""

import json
from itertools import combinations
from pathlib import Path

from pipelines.evidence.checks import Delivered, read_delivered
from pipelines.evidence.keys import new_key, public_of
from pipelines.evidence.withheld import too_small
from pipelines.settings import Paths
from tests.conftest import pukk
from tests.published import generation_file

ID = "999000001"


def test_the_examples_pack_is_accepted_and_tells_of_no_few(
    example_copy: Path, tmp_path: Path
) -> None:
    key, file = tmp_path / "own.key", tmp_path / "pack.json"
    key.write_text(new_key())
    done = pukk("evidence", "announce", "sick_leave_pct", "--first-start", "2099-03", "--units",
                "6", home=example_copy)  # fmt: skip
    assert "Varslet" in done.stdout
    for _ in range(2):
        done = pukk("evidence", "export", str(file), "--id", ID, "--key", str(key),
                    home=example_copy)  # fmt: skip
    assert "Pakke 2 skrevet" in done.stdout
    assert "holdt tilbake" in done.stdout
    signature = file.with_name("pack.json.sig").read_text()
    public = {ID: public_of(key.read_text())}
    one = Delivered(file.name, file.read_bytes(), signature)
    # it is the second of its chain, so whoever pools has seen the first or begins here
    read, refused = read_delivered([one], public, {}, generation_day(example_copy))
    assert refused == []
    pack = read[0][1]
    assert [row.n_units for row in pack.registered] == [6]
    assert len(pack.results) >= 5
    assert "sick_leave_pct" in {
        pack.definitions[row.definition_sha256].metric_id for row in pack.results
    }
    sets = units_told(example_copy)
    assert len(sets) == len(pack.results)
    for units in sets.values():
        assert too_small(units, 5) is None
    # each metric is told of one set: no subset of its rows leaves a smaller group
    by_metric: dict[str, list[set[str]]] = {}
    for (metric, _), units in sets.items():
        by_metric.setdefault(metric, []).append(set(units))
    for rows in by_metric.values():
        for n in range(2, len(rows) + 1):
            for some in combinations(rows, n):
                left = some[0].difference(*some[1:])
                assert not left or len(left) >= 3


def test_another_senders_number_and_a_missing_key_are_said(
    example_copy: Path, tmp_path: Path
) -> None:
    told = pukk("evidence", "export", str(tmp_path / "p.json"), "--id", "12", "--key",
                str(tmp_path / "none"), home=example_copy, check=False)  # fmt: skip
    assert told.returncode != 0
    assert "ni sifre" in told.stderr
    told = pukk("evidence", "export", str(tmp_path / "p.json"), "--id", ID, "--key",
                str(tmp_path / "none"), home=example_copy, check=False)  # fmt: skip
    assert "Det er ingen nøkkel her" in told.stderr


def generation_day(home: Path):
    import duckdb

    with duckdb.connect(str(generation_file(home)), read_only=True) as con:
        return con.execute("select last_month from mart_municipality").fetchone()[0]


def units_told(home: Path) -> dict[tuple[str, str], dict[str, int]]:
    file = Paths(home / "vestre_toten").state / "evidence" / "000002.units.json"
    sets = json.loads(file.read_text())
    return {(metric, name): units for metric, rows in sets.items() for name, units in rows.items()}
