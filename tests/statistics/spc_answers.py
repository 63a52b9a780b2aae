"""Pairs each answer a reference case expects with the one the macros gave, in the case's words."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.statistics.spc_cases import SIDE, Case
from tests.statistics.spc_runner import Charts, Results, Row

Answer = tuple[str, Any, Any]

_TREND = {1: "7 Point Trend (Increasing)", -1: "7 Point Trend (Decreasing)"}
_NHS_RULES = {
    "outside": {1: "Above UCL", -1: "Below LCL"},
    "trend": _TREND,
    "two_in_three": {1: "2 in 3 Above CL", -1: "2 in 3 Below CL"},
    "shift": {1: "7 Points Above CL", -1: "7 Points Below CL"},
}
_ASSURANCE = {"hit_or_miss": "inconsistent"}
# at least so many points, or the anchor warns
_SHORT_GROUP = 13


def answers(case: Case, charts: Charts, results: Results | None) -> Iterator[Answer]:
    """Every number, flag and text of a case: its name, the expected and the computed."""
    if case.family == "spec_season":
        yield from _season(case, charts)
    elif case.family == "spec_assurance":
        yield from _assurance(case, charts)
    elif results is not None:
        kinds = {"nhs_xmr": _nhs, "spec_rules": _spec_rules, "spec_verdict": _spec_verdict}
        yield from kinds.get(case.family, _other_anchor)(case, results)


def _each(name: str, wanted: Iterable[Any], got: Iterable[Any]) -> Iterator[Answer]:
    for number, (one, other) in enumerate(zip(wanted, got, strict=True), 1):
        yield f"{name}[{number}]", one, other


def _nhs(case: Case, results: Results) -> Iterator[Answer]:
    points = results.points[case.case_id]
    sizes = {row["phase_no"]: row["n_points"] for row in results.runs[case.case_id]}
    computed = {
        "rebase_group": [row["phase_no"] for row in points],
        "mean": [row["centre"] for row in points],
        "lpl": [row["lower_3s"] for row in points],
        "upl": [row["upper_3s"] for row in points],
        "outside_limits": [_known(row, row["is_outside"]) for row in points],
        "relative_to_mean": [row["side"] for row in points],
        "close_to_limits": [
            _known(row, row["is_beyond_2s"] and not row["is_outside"]) for row in points
        ],
        "special_cause_type": [
            _NHS_RULES[row["rule"]][row["signal_side"]] if row["rule"] else "Common Cause"
            for row in points
        ],
        "point_type": [_point_type(row) for row in points],
        "short_group_warning": [sizes[row["phase_no"]] < _SHORT_GROUP for row in points],
    }
    for name, wanted in case.expected.items():
        yield from _each(name, wanted, computed[name])
    last = {row["phase_no"]: row for row in points}
    summary = case.content["summary"]
    icons = [_point_type(row) for row in last.values()]
    yield from _each("variation_icon", summary["variation_icon_by_rebase_group"], icons)
    icon = points[-1]["assurance"]
    yield "assurance_icon", summary["assurance_icon"], _ASSURANCE.get(icon, icon)


def _known(row: Row, flag: bool) -> bool | None:
    return None if row["value"] is None or row["upper_3s"] is None else flag


def _point_type(row: Row) -> str:
    if row["colour"] in {"missing", "common_cause"}:
        return "common_cause"
    if row["colour"] == "neutral":
        return f"special_cause_{row['variation']}"
    return f"special_cause_{row['colour']}"


def _other_anchor(case: Case, results: Results) -> Iterator[Answer]:
    points = results.points[case.case_id]
    computed = {
        "part": [row["phase_no"] for row in points],
        "y": [row["value"] for row in points],
        "cl": [row["centre"] for row in points],
        "lcl": [row["lower_3s"] for row in points],
        "ucl": [row["upper_3s"] for row in points],
        "lcl_2s": [row["lower_2s"] for row in points],
        "ucl_2s": [row["upper_2s"] for row in points],
        "sigma_signal": [bool(row["is_beyond_3s"]) for row in points],
    }
    for name, wanted in case.expected.items():
        yield from _each(name, wanted, computed[name])
    runs = results.runs[case.case_id]
    names = {"part": "phase_no", "n_obs": "n_points"}
    for name, wanted in case.content["summary"].items():
        yield from _each(name, wanted, [row[names.get(name, name)] for row in runs])


def _spec_rules(case: Case, results: Results) -> Iterator[Answer]:
    points = results.points[case.case_id]
    flags = {"outside": "is_outside", "trend": "is_trend", "shift": "is_shift"}
    flags |= {"two_of_three": "is_two_in_three", "colour": "colour"}
    single = {"cl": "centre", "lpl": "lower_3s", "upl": "upper_3s", "limit_note": "limit_note"}
    for name, wanted in case.expected.items():
        if name in single:
            yield name, wanted, points[0][single[name]]
        elif name == "rule":
            words = {"two_in_three": "two_of_three"}
            got = [words.get(row["rule"], row["rule"]) for row in points]
            yield from _each(name, wanted, got)
        else:
            yield from _each(name, wanted, [row[flags[name]] for row in points])


def _spec_verdict(case: Case, results: Results) -> Iterator[Answer]:
    (verdict,) = results.verdicts[case.case_id]
    point = results.points[case.case_id][0]
    margin = verdict["change_margin"]
    computed = {
        "n_baseline": verdict["n_before"],
        "n_post": verdict["n_after"],
        "cl": verdict["centre"],
        "sigma": verdict["sigma"],
        "lpl": point["lower_3s"],
        "upl": point["upper_3s"],
        "r1": verdict["autocorrelation"],
        "longest_run_better": verdict["longest_run_better"],
        "longest_run_worse": verdict["longest_run_worse"],
        "required_run": verdict["required_run"],
        "sigma_adjusted": verdict["sigma_adjusted"],
        "verdict": verdict["verdict"],
        "mean_post": verdict["mean_after"],
        "change": verdict["change"],
        "change_lo": verdict["change"] - margin,
        "change_hi": verdict["change"] + margin,
    }
    for name, wanted in case.expected.items():
        yield name, wanted, computed[name]


def _season(case: Case, charts: Charts) -> Iterator[Answer]:
    pool, unit = case.content["input"]["pool"], case.content["input"]["unit"]
    columns = ("year", "month", "numerator", "denominator")
    rows = [
        {"pool_id": "all", "year": year, "month_no": month, "numerator": n, "denominator": float(d)}
        for year, month, n, d in zip(*(pool[column] for column in columns), strict=True)
    ]
    index = [row["season_index"] for row in charts.season(rows)]
    yield from _each("index_by_month", case.expected["index_by_month"], index)
    rates = [
        n / d / index[month - 1]
        for month, n, d in zip(*(unit[column] for column in columns[1:]), strict=True)
    ]
    yield from _each("unit_adjusted_rate", case.expected["unit_adjusted_rate"], rates)


def _assurance(case: Case, charts: Charts) -> Iterator[Answer]:
    rows = [
        {
            "target": None if row["target"] is None else float(row["target"]),
            "lower": float(row["lpl"]),
            "upper": float(row["upl"]),
            "better_side": SIDE[row["direction"]],
        }
        for row in case.content["input"]
    ]
    yield from _each("assurance", case.expected, charts.assurance(rows))
