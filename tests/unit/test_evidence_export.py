"""The next pack of a municipality: what is told, told again, kept back, and its chain."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.desk.access_log import entries
from pipelines.errors import ConfigError, DamagedError
from pipelines.evidence.__main__ import generated_files
from pipelines.evidence.announcing import announce_start
from pipelines.evidence.edition import (
    Edition,
    Estimated,
    Metric,
    _definition,
    _estimated,
    _mean,
)
from pipelines.evidence.export import Sender, _unsure, make_pack
from pipelines.evidence.issued import keep_pack, read_issued
from pipelines.evidence.pack import Definition, Pack, definition_hash, read_pack, write_pack
from pipelines.settings import Paths

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
SENDER = Sender("999000001", "k1", NOW, "f" * 64)
SIX = {f"u{i}": 10 for i in range(6)}


def metric(
    name="sick_leave_pct", family=None, units=None, failures="", k=5, measure=None, below="b",
    **changes,
):  # fmt: skip
    definition = Definition(
        metric_id=name, version=1, numerator=measure or name, denominator=below,
        scale=100, unit="pct", direction="lower", source_definition="HR",
    )  # fmt: skip
    figures = {"estimate": -0.5, "se": 0.2, "margin": 0.1, "bump": 1.0, "mean_before": 8.0}
    mine = SIX if units is None else units
    row = Estimated("all", mine, date(2027, 3, 4), "raw", figures, 20, 9, len(mine), "pss-1")
    rows = () if failures else (replace(row, **changes),)
    return Metric(name, family or name, definition, failures, k, rows)


def edition(*metrics):
    return Edition("Prøveby", date(2025, 12, 1), metrics, {"all": 9, "school": 4})


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home").create()


def export(paths: Paths, *metrics: Metric) -> Pack:
    made = make_pack(edition(*metrics), read_issued(paths), SENDER)
    content = write_pack(made.pack)
    keep_pack(paths, made.pack.sequence, content, made.sets)
    return read_pack(content)


def told(pack: Pack):
    names = {sha256: one.metric_id for sha256, one in pack.definitions.items()}
    rows = {names[row.definition_sha256]: row.n_units for row in pack.results}
    return rows, {names[row.definition_sha256]: row.reason for row in pack.suppressed}


def test_a_pack_follows_the_one_before_and_is_what_is_read(paths):
    first, second = export(paths, metric()), export(paths, metric(units=SIX))
    assert (first.sequence, first.previous_sha256) == (1, None)
    assert second.sequence == 2
    assert second.previous_sha256 == read_issued(paths).packs[1].previous_sha256
    row = second.results[0]
    assert (row.n_units, row.n_persons, row.n_waiting, row.df) == (6, 60, 9, 20)
    assert (row.window, row.start_order, row.registered, row.checks) == (
        "0-23",
        "chosen",
        False,
        "",
    )


def test_one_unit_more_is_told_as_it_was(paths):
    export(paths, metric())
    grown = metric(units=SIX | {"u6": 10}, n_told=7)
    again = export(paths, grown)
    assert told(again) == ({"sick_leave_pct": 6}, {})
    assert again.results == read_issued(paths).packs[0].results
    assert told(export(paths, metric(units=SIX | dict.fromkeys(("u6", "u7", "u8"), 10), n_told=9)))[
        0
    ] == {"sick_leave_pct": 9}


def test_a_part_is_told_of_the_same_units_or_not_at_all(paths):
    fewer = dict.fromkeys(list(SIX)[:5], 12)
    part = metric("sick_leave_long_pct", "sick_leave_pct", fewer)
    assert told(export(paths, metric(), part)) == (
        {"sick_leave_pct": 6}, {"sick_leave_long_pct": "difference"}
    )  # fmt: skip
    # another metric of its own is another matter
    assert told(export(paths, metric(), metric("falls", "falls", fewer)))[0]["falls"] == 5


def test_the_same_figures_by_another_name_are_held_against_what_was_told(paths):
    export(paths, metric())
    seven = SIX | {"u6": 10}
    renamed = metric("absence_pct", measure="sick_leave_pct", units=seven, n_told=7)
    assert told(export(paths, renamed)) == ({}, {"absence_pct": "difference"})
    alike = metric("absence_pct", measure="sick_leave_pct")
    assert told(export(paths, metric(), alike))[0] == {"sick_leave_pct": 6, "absence_pct": 6}


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("present_pct", "agreed_days - sick_days"),  # the rest of it: the same estimate, turned
        ("days_per_fte", "sick_days"),
        ("away_pct", "care_days + sick_days"),
    ],
)
def test_what_follows_from_what_was_told_is_told_of_the_same_units(paths, name, measure):
    """One unit more, and another metric on the same days: the difference is that unit's."""
    told_first = metric(measure="sick_days")
    export(paths, told_first)
    seven = {"units": SIX | {"u6": 10}, "n_told": 7}
    other = metric(name, measure=measure, below="agreed_fte", **seven)
    assert told(export(paths, told_first, other))[1] == {name: "difference"}
    # also when what was told is in the edition no longer, and by way of a third
    assert told(export(paths, other))[1] == {name: "difference"}
    third = metric("care_pct", measure="care_days", **seven)
    kept = {"care_pct": "difference"} if "care" in measure else {}
    assert told(export(paths, other, third))[1] == {name: "difference"} | kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (metric(units={"a": 20, "b": 20}), "few_units"),
        (metric(units={"a": 20, "b": 20, "c": 4}), "unit_below_k"),
        (metric(units={"a": 90, "b": 10, "c": 10}), "one_unit_dominates"),
        (metric(n_told=7), "units_unsure"),
        (metric(failures="kurtosis"), "model_checks"),
        (metric(figures={"estimate": -0.5, "se": 0.2, "margin": None, "bump": None,
                         "mean_before": 8.0}), "no_start_year"),
        (metric(figures={"estimate": -0.5, "se": 0.2, "margin": None, "bump": 1.0,
                         "mean_before": None}), "level_hidden"),
    ],
)  # fmt: skip
def test_what_is_kept_back_is_seen_as_a_gap(paths, given, reason):
    assert told(export(paths, given)) == ({}, {"sick_leave_pct": reason})


def announced(paths, **changes):
    asked = {"metric_id": "sick_leave_pct", "first_start": "2027-03", "n_units": 6,
             "service_type": "all", "is_drawn": False, "now": NOW} | changes  # fmt: skip
    return announce_start(paths, edition(metric()), **asked)


def test_an_announced_start_goes_out_and_marks_the_estimate(paths):
    made = announced(paths)
    logged = entries(paths.state)[0]
    assert (logged["action"], logged["entry_hash"]) == ("announce", made.log_entry_sha256)
    pack = export(paths, metric())
    assert pack.registered == (made,)
    assert pack.results[0].registered is True
    # of units that had started before it was announced it says nothing
    early = export(paths, metric(first_start=date(2025, 3, 1)))
    assert early.results[0].registered is False


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_start": "2026-01"}, "begynt"),
        ({"first_start": "mars"}, "Måneden kan ikke leses"),
        ({"metric_id": "fte"}, "ikke målt her"),
        ({"service_type": "romfart"}, "Ingen enhet her er av denne"),
        ({"service_type": "school", "n_units": 5}, "det er 4 i drift"),
        ({"is_drawn": True}, "Ingen rekkefølge er trukket"),
    ],
)
def test_what_cannot_be_announced_says_why(paths, changes, words):
    with pytest.raises(ConfigError, match=words):
        announced(paths, **changes)
    assert read_issued(paths).announced == ()


def test_the_same_start_is_announced_once(paths):
    announced(paths)
    with pytest.raises(ConfigError, match="varslet fra før"):
        announced(paths)


def test_a_chain_that_is_broken_is_not_begun_anew(paths):
    export(paths, metric())
    export(paths, metric())
    file = paths.state / "evidence" / "000001.json"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"-0.5", b"-0.4"))
    with pytest.raises(DamagedError, match="Rekken"):
        read_issued(paths)
    file.unlink()
    with pytest.raises(DamagedError):
        read_issued(paths)
    file.write_bytes(content)
    assert len(read_issued(paths).packs) == 2


def test_sick_leave_by_another_definition_is_another_metric():
    row = {
        "metric_id": "sick_leave_pct", "numerator_plus": "sick_days", "numerator_minus": None,
        "denominator": "agreed_days", "scale": 100.0, "unit": "pct", "direction": "lower",
        "source": "SSB",
    }  # fmt: skip
    told = {given: definition_hash(_definition(row, given)) for given in ("HR_INTERN", "KS_PAI")}
    assert len(set(told.values())) == 2
    assert _definition(row, "HR_INTERN").source_definition == "HR_INTERN"
    falls = row | {"numerator_plus": "falls"}
    assert _definition(falls, "HR_INTERN") == _definition(falls, "KS_PAI")


def test_a_row_without_a_published_level_is_kept_back_and_stops_nothing():
    row = {
        "metric_id": "sick_cases_per_100", "group_type": "all", "group_id": "all",
        "effect_unit": "raw", "estimate": 0.1, "se": 0.0, "lo": 0.0, "hi": 0.2, "margin": None,
        "bump": None, "n_units": 6, "model_version": "pss-1",
    }  # fmt: skip
    units = [
        {"unit_id": unit, "service_type": "care", "lean_start": date(2020, 1, 1),
         "mean_before": None, "n_untreated": 9}
        for unit in SIX
    ]  # fmt: skip
    made = _estimated(row, units, SIX)
    assert made.figures["mean_before"] is None
    assert _unsure(made) == "level_hidden"


def test_a_level_that_is_hidden_for_one_is_told_of_none():
    assert _mean([8.0, 10.0]) == 9.0
    assert _mean([8.0, None]) is None
    assert _mean([]) is None


def test_the_level_is_the_same_however_many_persons_each_unit_has_grown_to():
    """With other weights in every pack, six packs would be six equations in six units' levels."""
    row = {
        "metric_id": "sick_leave_pct", "group_type": "all", "group_id": "all",
        "effect_unit": "raw", "estimate": -0.5, "se": 0.2, "lo": -0.9, "hi": -0.1, "margin": 0.1,
        "bump": 1.0, "n_units": 6, "model_version": "pss-1",
    }  # fmt: skip
    units = [
        {"unit_id": unit, "service_type": "care", "lean_start": date(2020, 1, 1),
         "mean_before": 5.0 + place, "n_untreated": 9}
        for place, unit in enumerate(SIX)
    ]  # fmt: skip
    told = {_estimated(row, units, SIX | {grown: 40}).figures["mean_before"] for grown in SIX}
    assert told == {7.5}


def test_the_schemas_are_those_of_the_models():
    for file, (text, _) in generated_files().items():
        assert file.read_text(encoding="utf-8") == text
        assert json.loads(text)["additionalProperties"] is False
