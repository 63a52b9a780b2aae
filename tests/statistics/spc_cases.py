"""Reference cases for control charts: JSON read into points and settings. Nothing is computed.

A case says what to compute (`config`, `input`), with which authority (`family`), and the answer.
"""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

Settings = dict[str, Any]
Point = dict[str, Any]

SIDE = {"increase": 1, "decrease": -1, "neutral": 0}
# chart kinds of the anchors by ours; primed (Laney) charts are P and U with a wider sigma
KINDS = {"i": "xmr", "ip": "iprime", "pp": "p", "up": "u"}
# what the product computes with, as the cases write it
OURS = {"constant": 2.66, "shift_points": 7, "trend_points": 7}
# a case of assurance needs no settings
_NEEDED = {"case_id", "family", "expected"}
CHECK_ONLY = {"p", "u", "c", "mr"}

ANCHOR_NHS = {
    "keep_zero_mean": False,
    "ties_break": True,
    "beyond_counts": False,
    "strict_target": True,
}
ANCHOR_QIC = {"xmr_sigma": "(1e0 / 1.128e0)", "keep_zero_mean": False, "bridge_gaps": True}


@dataclass(frozen=True)
class Case:
    """One case: its id, family, the file's content, and its points and settings for the macros."""

    case_id: str
    family: str
    content: dict[str, Any]
    points: list[Point] = field(default_factory=list)
    settings: Settings = field(default_factory=dict)

    @property
    def expected(self) -> Any:
        return self.content["expected"]


def load_cases(folder: Path) -> list[Case]:
    """Every case of a folder and those within it, in the order of their names.

    Raises:
        ValueError: A file is of no known kind: nothing is skipped.
    """
    cases = []
    for path in sorted(folder.rglob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict) or not content.keys() >= _NEEDED:
            raise ValueError(f"{path}: of no known kind")
        cases.append(_case(content))
    return cases


def _case(content: dict[str, Any]) -> Case:
    family = content["family"]
    points: list[Point] = []
    settings: Settings = {}
    if family == "nhs_xmr":
        points, settings = _nhs(content)
    elif family.startswith(("qic_", "pbc_")):
        points, settings = _other_anchor(content)
    elif family == "spec_rules":
        points, settings = _spec_rules(content)
    elif family == "spec_verdict":
        points, settings = _spec_verdict(content)
    elif family not in {"spec_season", "spec_assurance"}:
        raise ValueError(f"unknown family {family} in {content['case_id']}")
    return Case(content["case_id"], family, content, points, settings)


def _point(case_id: str, seq: int, chart: str, value: float | None, **more: Any) -> Point:
    return {
        "series_id": case_id,
        "phase_no": 1,
        "seq": seq,
        "chart": chart,
        "scale": 1.0,
        "numerator": None,
        "denominator": None,
        "value": value,
        "is_baseline": True,
        "is_after": False,
        "is_counted": True,
        "is_laney": False,
        "only_outside": False,
        "better_side": 0,
        "target": None,
        **more,
    }


def _screening(config: dict[str, Any]) -> Settings:
    return {} if config.get("screen_moving_ranges", True) else {"screen_above": None}


def _sigma(config: dict[str, Any]) -> Settings:
    other = _unless_ours(config, "constant")
    return {"xmr_sigma": f"({other['constant']}e0 / 3e0)"} if other else {}


def _unless_ours(config: dict[str, Any], *keys: str) -> Settings:
    # what a case shares with the product is left to the product, so that it is tested
    return {key: config[key] for key in keys if config.get(key, OURS[key]) != OURS[key]}


def _nhs(content: dict[str, Any]) -> tuple[list[Point], Settings]:
    config, given = content["config"], content["input"]
    starts = sorted(config["rebase_dates"])
    fixed = config["fix_after_n_points"]
    points: list[Point] = []
    met: dict[int, int] = {}
    for seq, (period, value) in enumerate(zip(given["period"], given["value"], strict=True), 1):
        phase = sum(period >= start for start in starts)
        met[phase] = met.get(phase, 0) + 1
        points.append(
            _point(
                content["case_id"],
                seq,
                "xmr",
                value,
                phase_no=phase,
                is_baseline=fixed is None or met[phase] <= fixed,
                better_side=SIDE[config["improvement_direction"]],
                target=config["target"],
            )
        )
    return points, ANCHOR_NHS | _screening(config) | _sigma(config)


def _other_anchor(content: dict[str, Any]) -> tuple[list[Point], Settings]:
    config, given = content["config"], content["input"]
    if config.get("cl") is not None:
        raise ValueError(f"{content['case_id']}: a centre line given from outside is not supported")
    kind = config["chart"]
    chart = KINDS.get(kind, kind)
    numerators = given.get("y", given.get("numerator"))
    denominators = given.get("n", given.get("denominator")) or [None] * len(numerators)
    if chart == "mr":
        steps = [None if None in pair else abs(pair[1] - pair[0]) for pair in pairwise(numerators)]
        numerators = [None, *steps]
    scale = float(config.get("multiply", 1))
    cuts = config.get("part_after", config.get("split", []))
    points = []
    for seq, (top, bottom) in enumerate(zip(numerators, denominators, strict=True), 1):
        included = seq not in config["exclude"]
        value = top if bottom is None or top is None else scale * top / bottom
        points.append(
            _point(
                content["case_id"],
                seq,
                chart,
                value,
                scale=scale,
                numerator=top,
                denominator=bottom,
                phase_no=1 + sum(seq > cut for cut in cuts),
                is_baseline=included and (config["freeze"] is None or seq <= config["freeze"]),
                is_counted=included,
                is_laney=kind in {"pp", "up"},
            )
        )
    if content["family"].startswith("pbc_"):
        above = "3.2665e0" if config["screen_moving_s"] else None
        return points, ANCHOR_QIC | {"screen_above": above}
    return points, ANCHOR_QIC | _screening(config)


def _spec_rules(content: dict[str, Any]) -> tuple[list[Point], Settings]:
    config = content["config"]
    fixed = config["baseline_points"]
    points = [
        _point(
            content["case_id"],
            seq,
            config["chart"],
            value,
            is_baseline=fixed is None or seq <= fixed,
            better_side=SIDE[config["improvement_direction"]],
        )
        for seq, value in enumerate(content["input"]["value"], 1)
    ]
    lengths = _unless_ours(config, "shift_points", "trend_points")
    return points, lengths | _screening(config) | _sigma(config)


def _spec_verdict(content: dict[str, Any]) -> tuple[list[Point], Settings]:
    config, given = content["config"], content["input"]
    before, after = given["baseline"], given["post"]
    points = [
        _point(
            content["case_id"],
            seq,
            "xmr",
            value,
            is_baseline=seq <= len(before),
            is_after=seq > len(before),
            better_side=SIDE[config["improvement_direction"]],
        )
        for seq, value in enumerate([*before, *after], 1)
    ]
    return points, _screening(config) | _sigma(config)
