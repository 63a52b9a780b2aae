"""A leader is told of new signals in own units alone, by subscription and with own rights."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.desk.access_log import entries
from pipelines.notices.leaders import tell_leaders
from pipelines.notices.outbox import deliver
from pipelines.settings import Channels, Paths
from tests.published import generation_file

pytestmark = pytest.mark.integration

NOW = datetime(2027, 3, 3, 5, 15, tzinfo=UTC)
BEFORE, AFTER = "generation-000001.duckdb", "generation-000002.duckdb"


@pytest.fixture(scope="module")
def changed(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Paths, str, str]:
    """Two editions, between them a signal in each of two units; and the units' names."""
    paths = Paths(tmp_path_factory.mktemp("hjem")).create()
    for name in (BEFORE, AFTER):
        shutil.copyfile(generation_file(example_home), paths.published / name)
    with duckdb.connect(str(paths.published / BEFORE)) as con:
        rows = con.execute(
            "select h.unit_id, min(h.metric_id) from mart_headlines as h where h.verdict_class in"
            " ('better', 'worse') group by h.unit_id order by h.unit_id limit 2"
        ).fetchall()
        for unit, metric in rows:
            con.execute(
                "update mart_headlines set verdict_class = 'no_change' where unit_id = ?"
                " and metric_id = ?",
                [unit, metric],
            )
    return paths, rows[0][0], rows[1][0]


def messages(paths: Paths, channels: Channels, access: Path | None) -> list[tuple[str, str]]:
    (paths.state / "notices.sqlite").unlink(missing_ok=True)
    got: list[tuple[str, str]] = []
    assert tell_leaders(paths, channels, access, BEFORE, NOW) == 0  # what later is held against
    tell_leaders(paths, channels, access, AFTER, NOW)
    deliver(paths.state, lambda each: got.append((each.recipient, each.body)), NOW)
    return got


def test_each_subscriber_is_told_of_own_units_and_nobody_else_of_anything(
    changed: tuple[Paths, str, str], tmp_path: Path
) -> None:
    paths, first, second = changed
    access, subscribers = tmp_path / "tilgang.csv", tmp_path / "abonnement.csv"
    access.write_text(
        "subject;role;units;sectors;valid_from;valid_to\n"
        f"leder@example.no;enhetsleder;{first};;;\n"
        f"sluttet@example.no;enhetsleder;{first};;;2020-01-01\n"
        "direktor@example.no;kommunedirektor;;;;\n"
        f"uten@example.no;enhetsleder;{second};;;\n"
    )
    subscribers.write_text(
        "subject;address\nleder@example.no;\nsluttet@example.no;\ndirektor@example.no;\n"
        "fremmed@example.no;\n"
    )
    for file in (access, subscribers):
        file.chmod(0o600)
    channels = Channels(
        smtp="smtp://127.0.0.1", sender="p@example.no", subscribers=subscribers,
        site="https://tall.example.no",
    )  # fmt: skip
    got = dict(messages(paths, channels, access))
    assert set(got) == {"leder@example.no", "direktor@example.no"}
    assert f"enhet={first}" in got["leder@example.no"]
    assert f"enhet={second}" not in got["leder@example.no"]
    assert f"enhet={second}" in got["direktor@example.no"]
    assert entries(paths.state)[0]["action"] == "notify"

    assert messages(paths, channels, None) == []
    subscribers.chmod(0o666)
    assert messages(paths, channels, access) == []
    assert messages(paths, replace(channels, subscribers=None), access) == []
