"""A target locked before its cycle: made in time, kept in journal and log, and when it counts."""

from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.desk.access_log import entries, verify
from pipelines.errors import PukkError
from pipelines.ingest.target_locks import keep_register_targets, lock_target
from pipelines.municipality.metrics import Metric
from pipelines.settings import DBT_DIR
from pipelines.warehouse import records
from tests.days import today
from tests.dbt_fixture import run_dbt

TARGET = DBT_DIR.parent / ".pytest_cache" / "dbt_locks"
START = date(2020, 3, 2)
NOW_MEANS, MEANT = "a" * 64, "b" * 64


def metric(**change: Any) -> Metric:
    about = {
        "id": "falls", "label": {"nb": "Fall", "en": "Falls"},
        "description": {"nb": "Fall.", "en": "Falls."}, "numerator": "falls",
        "denominator": "bed_days", "scale": 1000, "unit": "per_1000", "direction": "lower",
    }  # fmt: skip
    return Metric.model_validate(about | change)


def test_the_meaning_of_a_metric_is_its_formula_and_not_its_words() -> None:
    same = metric(label={"nb": "Andre ord", "en": "Other words"}, decimals=3, chart="iprime")
    assert same.definition_sha256 == metric().definition_sha256
    others = [
        metric(**change)
        for change in (
            {"numerator": ["falls", "slips"]}, {"denominator": "residents"}, {"scale": 100},
            {"direction": "higher"}, {"unit": "pct"}, {"services": ["nursing_home"]},
        )
    ]  # fmt: skip
    assert len({each.definition_sha256 for each in (metric(), *others)}) == 7


@pytest.fixture
def cycles(house: Any) -> Any:
    """Three cycles in the register: one to come, one without a date, one long begun."""
    rows = [("later", today() + timedelta(days=9)), ("undated", None), ("begun", START)]
    for cycle_id, day in rows:
        house.con.execute(
            "insert into lean.cycles (cycle_id, unit_id, cycle_no, status, start_date,"
            " delivery_id, feed_id, source_row, period_ym)"
            " values (?, 'E1', 1, 'planned', ?, 'D1', 'cycles', 1, 'all')",
            [cycle_id, day],
        )
    return house


def locked(house: Any, cycle: str, **change: Any) -> Any:
    about = {"metric": metric()} | change
    return lock_target(house.con, house.paths, cycle, about.pop("metric"), **about)


@pytest.mark.parametrize(
    ("cycle", "in_time"), [("later", True), ("undated", True), ("begun", False)]
)
def test_a_lock_stands_in_the_journal_and_in_the_log_and_says_whether_it_is_in_time(
    cycles: Any, cycle: str, *, in_time: bool
) -> None:
    found = locked(cycles, cycle, target_value=4.0, look_months=12)
    assert (found.unit_id, found.is_in_time) == ("E1", in_time)
    (row,) = cycles.table("ops.target_locks").to_dicts()
    assert (row["action"], row["made_by"], row["look_months"]) == ("lock", "command", 12)
    assert row["definition_sha256"] == metric().definition_sha256
    assert row["locked_on"] >= today()
    *_, last = records.files(cycles.paths)
    entry = records.read(last)
    assert entry.kind == "lock"
    noted = entries(cycles.paths.state)[0]
    assert (noted["action"], noted["subject"]) == ("lock", cycle)
    # the journal entry holds the head of the log with this very entry
    assert entry.log_head == f"{noted['seq']}:{noted['entry_hash']}"
    assert verify(cycles.paths.state, entry.log_head).broken_at is None


def test_one_metric_per_cycle_and_a_lock_can_be_taken_back(cycles: Any) -> None:
    locked(cycles, "later")
    other = metric(id="slips")
    with pytest.raises(PukkError, match="låst mål fra før: falls") as refused:
        locked(cycles, "later", metric=other)
    assert "pukk plan unlock later falls" in refused.value.text
    locked(cycles, "later", action="unlock")
    locked(cycles, "later", metric=other)
    assert cycles.table("ops.target_locks")["action"].to_list() == ["lock", "unlock", "lock"]


@pytest.mark.parametrize(
    ("cycle", "change", "words"),
    [
        ("nowhere", {}, "ingen runde"),
        ("later", {"look_months": 18}, "12 eller 24"),
        ("later", {"metric": metric(direction="neutral")}, "ingen retning"),
        ("later", {"action": "unlock"}, "ikke låst"),
    ],
)
def test_what_cannot_be_locked_is_refused_and_leaves_nothing(
    cycles: Any, cycle: str, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(PukkError, match=words):
        locked(cycles, cycle, **change)
    assert cycles.table("ops.target_locks").is_empty()


def test_what_the_register_names_before_the_start_is_noted_once_and_when_it_changes(
    house: Any,
) -> None:
    con = house.con
    con.execute("create schema intermediate; create schema staging")
    con.execute(
        "create table staging.stg_municipality__metrics as from (values"
        f" ('falls', '{NOW_MEANS}', 'lower'), ('slips', '{MEANT}', 'lower'),"
        f" ('size', '{MEANT}', 'neutral')) as t (metric_id, definition_sha256, direction)"
    )
    con.execute(
        "create table intermediate.int_lean__cycles"
        " (cycle_id varchar, unit_id varchar, metric_id varchar, target_value double,"
        " start_date date)"
    )
    con.execute(
        "insert into intermediate.int_lean__cycles values"
        " ('later', 'E1', 'falls', 4.0, null), ('begun', 'E1', 'falls', 4.0, '2020-03-02'),"
        " ('sized', 'E1', 'size', 4.0, null)"
    )
    assert [keep_register_targets(con, house.paths) for _ in range(2)] == [1, 0]
    con.execute(
        "update intermediate.int_lean__cycles set metric_id = 'slips', start_date = today()"
    )
    assert keep_register_targets(con, house.paths) == 1
    rows = house.table("ops.target_locks").sort("entry_no")
    assert rows.select("entry_no", "cycle_id", "metric_id").rows() == [
        (1, "later", "falls"),
        (2, "later", "slips"),
    ]


# cycle -> what was noted: (metric, day, action, by, target, definition), what the register names
# now, and the state of each metric
CASES: dict[str, tuple[list[tuple[Any, ...]], tuple[str | None, float | None], dict[str, str]]] = {
    "in_time": ([("falls", -1)], (None, None), {"falls": "registered"}),
    "same_day": ([("falls", 0)], (None, None), {"falls": "late"}),
    "copied": ([("falls", 900)], (None, None), {"falls": "late"}),
    "taken_back": ([("falls", -9), ("falls", -8, "unlock")], (None, None), {}),
    "renewed": ([("falls", -9), ("falls", -8)], (None, None), {"falls": "registered"}),
    "changed": ([("falls", -9), ("falls", 5)], (None, None), {"falls": "changed"}),
    "given_up": ([("falls", -9), ("falls", 5, "unlock")], (None, None), {"falls": "changed"}),
    "second": (
        [("falls", -9), ("slips", -8)], (None, None), {"falls": "registered", "slips": "second"},
    ),
    "redefined": (
        [("falls", -9, "lock", "command", None, MEANT)], (None, None), {"falls": "redefined"},
    ),
    "another_later": (
        [("falls", -9), ("slips", 5)], (None, None), {"falls": "registered", "slips": "late"},
    ),
    "register": (
        [("falls", -9, "lock", "register", 4.0)], ("falls", 4.0), {"falls": "registered"},
    ),
    "register_moved": (
        [("falls", -9, "lock", "register", 4.0)], ("falls", 5.0), {"falls": "changed"},
    ),
    "register_corrected": (
        [("slips", -9, "lock", "register", 4.0), ("falls", -3, "lock", "register", 4.0)],
        ("falls", 4.0), {"falls": "registered"},
    ),
    "both": (
        [("slips", -9, "lock", "register", 4.0), ("falls", -3)], ("slips", 4.0),
        {"falls": "registered", "slips": "second"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def lock_states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    file = tmp_path_factory.mktemp("locks") / "a.duckdb"
    noted, registered = [], []
    for cycle_id, (locks, (named, target), _) in CASES.items():
        registered.append(
            {"cycle_id": cycle_id, "unit_id": cycle_id, "metric_id": named,
             "target_value": target, "start_date": START}
        )  # fmt: skip
        for lock in locks:
            metric_id, day, action, by, value, means = (
                *lock, *("lock", "command", None, NOW_MEANS)[len(lock) - 2 :],
            )  # fmt: skip
            noted.append(
                {"entry_no": len(noted) + 1, "locked_on": START + timedelta(days=day),
                 "action": action, "made_by": by, "cycle_id": cycle_id, "metric_id": metric_id,
                 "definition_sha256": means, "target_value": value, "look_months": 24}
            )  # fmt: skip
    metrics = [
        {"metric_id": name, "definition_sha256": NOW_MEANS, "complement_of": None}
        for name in ("falls", "slips")
    ]
    with duckdb.connect(str(file)) as con:
        con.execute("create schema staging; create schema intermediate")
        for name, rows in {
            "staging.stg_ops__target_locks": noted,
            "intermediate.int_lean__cycles": registered,
            "staging.stg_municipality__metrics": metrics,
        }.items():
            frame = pl.DataFrame(rows, infer_schema_length=None)
            con.register("frame", frame)
            con.execute(f"create table {name} as from frame")
            con.unregister("frame")
    run_dbt(file, "run", "--select", "int_target_locks", target=TARGET)
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select cycle_id, metric_id, lock_state from intermediate.int_target_locks"
        ).fetchall()
    found: dict[str, dict[str, str]] = {cycle_id: {} for cycle_id in CASES}
    for cycle_id, metric_id, state in rows:
        assert metric_id not in found[cycle_id]
        found[cycle_id][metric_id] = state
    return found


@pytest.mark.parametrize("cycle", CASES)
def test_a_lock_counts_only_if_made_before_and_unchanged_since(
    lock_states: dict[str, dict[str, str]], cycle: str
) -> None:
    assert lock_states[cycle] == CASES[cycle][2]


def test_the_locks_of_a_day_are_in_the_store_to_be_read_again(cycles: Any) -> None:
    locked(cycles, "later")
    locked(cycles, "undated")
    kept = [records.read(file) for file in records.files(cycles.paths)]
    told = [row["cycle_id"] for e in kept if e.kind == "lock" for row in e.tables["target_locks"]]
    assert told == ["later", "undated"]
