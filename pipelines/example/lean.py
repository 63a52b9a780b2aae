"""The Lean register: cycles, course days, tools, gains with their events, and other events.

The register's totals on given dates are the YAML's; here they are cut into single gains of a tenth
of a position or more, each with an owner, a tool, a split and its own way to realisation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipelines.example.gains import Gain, budget_lines, in_words, kind_of, reference, used_for
from pipelines.example.lean_spec import Course, GainCheckpoint, Round
from pipelines.example.spec import ExampleSpec
from pipelines.words.messages import say

TENTH = 10  # gains are counted in tenths of a position
MAX_GAIN = 11
COURSE_DAYS = 6
CHECK_AFTER_DAYS = 365
WAIT_SHARE = 0.3
SPLITS = ((100, 0, 0), (100, 0, 0), (50, 50, 0), (0, 100, 0), (70, 30, 0), (50, 0, 50), (0, 0, 100))
SPLIT_WEIGHTS = (0.3, 0.1, 0.24, 0.14, 0.1, 0.06, 0.06)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Register:
    """The sheets of the register, rows as dictionaries by column."""

    cycles: list[Row]
    course_days: list[Row]
    tool_uses: list[Row]
    gains: list[Row]
    gain_events: list[Row]
    events: list[Row]


def make_register(spec: ExampleSpec, rng: np.random.Generator) -> Register:
    """Return the register as it was on the last day.

    Args:
        spec: The example; its checkpoints for gains are met exactly.
        rng: Where chance comes from.
    """
    days = [row for course in spec.lean.courses for row in _course_days(spec, course, rng)]
    gains, events = _gains(spec, rng)
    return Register(
        [
            *[_cycle(course) for course in spec.lean.courses],
            *[_later_cycle(spec, later) for later in spec.lean.rounds],
        ],
        days,
        _tool_uses(spec, days, gains),
        [_gain_row(spec, gain) for gain in gains],
        events,
        [
            {"id": f"H{i + 1:03d}", "unit": e.unit, "date": e.date, "type": e.event_type,
             "metric": e.metric, "description": e.description}
            for i, e in enumerate(sorted(spec.lean.events, key=lambda e: (e.date, e.unit or "")))
        ],
    )  # fmt: skip


def cycle_id(course: Course) -> str:
    """Return the id of a unit's first cycle."""
    return f"S-{course.unit[1:]}-1"


def _cycle(course: Course) -> Row:
    check = None
    if course.introduction_end is not None and course.status == "in_operation":
        check = course.introduction_end + timedelta(days=CHECK_AFTER_DAYS)
    return {
        "id": cycle_id(course), "unit": course.unit, "number": 1, "wave": course.wave,
        "status": course.status, "planned": course.planned, "hypothesis": course.hypothesis,
        "metric": course.metric, "target": course.target, "start": course.start,
        "introduction_end": course.introduction_end, "check": check, "decision": course.decision,
    }  # fmt: skip


def _later_cycle(spec: ExampleSpec, later: Round) -> Row:
    course = next(c for c in spec.lean.courses if c.unit == later.unit)
    return {
        "id": f"S-{later.unit[1:]}-{later.number}", "unit": later.unit, "number": later.number,
        "wave": course.wave, "status": "in_operation", "planned": later.start,
        "hypothesis": later.hypothesis, "metric": later.metric, "target": later.target,
        "start": later.start, "introduction_end": later.end, "check": later.check,
        "decision": later.decision,
    }  # fmt: skip


def _course_days(spec: ExampleSpec, course: Course, rng: np.random.Generator) -> list[Row]:
    if course.start is None:
        return []
    end = course.introduction_end or course.start + timedelta(days=120)
    size = max(3, spec.unit_by_id[course.unit].employees)
    step = (end - course.start).days / (COURSE_DAYS - 1)
    return [
        {
            "cycle": cycle_id(course), "unit": course.unit, "day": day + 1,
            "date": end if day == COURSE_DAYS - 1 else _workday(course.start, round(step * day)),
            "participants": int(rng.integers(max(3, size * 6 // 10), size + 1)),
        }
        for day in range(course.days_done)
    ]  # fmt: skip


def _workday(start: date, days: int) -> date:
    day = start + timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _tool_uses(spec: ExampleSpec, days: list[Row], gains: list[Gain]) -> list[Row]:
    """The tools of each course day, then each gain's tool on the day the gain was found."""
    rows: dict[tuple[object, object, str], Row] = {}
    for row in days:
        for tool in spec.lean.course_tools[int(str(row["day"])) - 1]:
            rows[(row["unit"], row["date"], tool)] = {
                "unit": row["unit"], "date": row["date"], "tool": tool, "cycle": row["cycle"],
            }  # fmt: skip
    for gain in gains:
        key = (gain.unit, gain.identified_on, gain.tool)
        rows.setdefault(key, {"unit": key[0], "date": key[1], "tool": key[2], "cycle": None})
    return list(rows.values())


def _trained(spec: ExampleSpec, day: date) -> list[Course]:
    return [c for c in spec.lean.courses if c.introduction_end and c.introduction_end <= day]


def _tenths(value: float) -> int:
    return round(value * TENTH)


def _gains(spec: ExampleSpec, rng: np.random.Generator) -> tuple[list[Gain], list[Row]]:
    """Go from checkpoint to checkpoint, adding gains and realising earlier ones."""
    gains: list[Gain] = []
    events: list[tuple[date, str, Row]] = []
    before = GainCheckpoint(
        as_of=min(c.start for c in spec.lean.courses if c.start is not None),
        identified=0, realised=0, value_stream=0,
    )  # fmt: skip
    titles: dict[str, int] = {}
    for point in spec.lean.gains.checkpoints:
        lead = _tenths(point.value_stream) - _tenths(before.value_stream)
        other = _tenths(point.identified) - _tenths(before.identified) - lead
        window = (before.as_of + timedelta(days=1), point.as_of)
        for amount, is_lead in ((lead, True), (other, False)):
            for part in _cut(amount, rng):
                gains.append(
                    _new_gain(spec, window, part, titles, rng, len(gains), is_lead=is_lead)
                )
        need = _tenths(point.realised) - _tenths(before.realised)
        events += _realise(gains, need, window, rng)
        before = point
    for dropped in spec.lean.gains.dropped:
        gains.append(
            Gain(
                f"G{len(gains) + 1:03d}", dropped.unit, dropped.title, spec.lean.gains.lead_tool,
                (100, 0, 0), dropped.identified, _tenths(dropped.fte), dropped_on=dropped.dropped,
            )
        )  # fmt: skip
    return gains, _numbered(spec, gains, events)


def _cut(amount: int, rng: np.random.Generator) -> list[int]:
    parts = []
    while amount > 0:
        parts.append(min(amount, int(rng.integers(2, MAX_GAIN + 1))))
        amount -= parts[-1]
    return parts


def _new_gain(  # noqa: PLR0913 - a gain is drawn from all of these
    spec: ExampleSpec,
    window: tuple[date, date],
    tenths: int,
    titles: dict[str, int],
    rng: np.random.Generator,
    number: int,
    *,
    is_lead: bool,
) -> Gain:
    low, high = window
    courses = _trained(spec, high) or [c for c in spec.lean.courses if c.start]
    recent = sorted(courses, key=lambda c: (c.introduction_end or high, c.unit))[-14:]
    course = recent[int(rng.integers(len(recent)))]
    earliest = max(low, (course.start or low) + timedelta(days=30))
    day = earliest + timedelta(days=int(rng.integers(0, max(1, (high - earliest).days))))
    service = spec.unit_by_id[course.unit].service
    names = spec.lean.gains.titles.get(service, ()) + spec.lean.gains.titles["default"]
    titles[course.unit] = titles.get(course.unit, -1) + 1
    others = spec.lean.gains.other_tools
    return Gain(
        f"G{number + 1:03d}",
        course.unit,
        names[titles[course.unit] % len(names)],
        spec.lean.gains.lead_tool if is_lead else others[int(rng.integers(len(others)))],
        SPLITS[int(rng.choice(len(SPLITS), p=SPLIT_WEIGHTS))],
        min(_workday(day, 0), high),
        tenths,
    )


def _realise(
    gains: Sequence[Gain], need: int, window: tuple[date, date], rng: np.random.Generator
) -> list[tuple[date, str, Row]]:
    """Book ``need`` tenths as realised inside the window, oldest gains first, some only partly."""
    events: list[tuple[date, str, Row]] = []
    low, high = window
    open_gains = sorted(gains, key=lambda g: (g.identified_on, g.gain_id))
    for is_last_chance in (False, True):
        for gain in open_gains:
            left = gain.tenths - gain.realised
            if not need or not left:
                continue
            if not is_last_chance and rng.random() < WAIT_SHARE:
                continue
            step = min(
                need, left if is_last_chance or left == 1 else int(rng.integers(1, left + 1))
            )
            first = max(low, gain.identified_on + timedelta(days=1))
            if first > high:
                continue
            day = first + timedelta(days=int(rng.integers(0, max(1, (high - first).days))))
            gain.realised += step
            need -= step
            status = "realised" if gain.realised == gain.tenths else "partly_realised"
            events.append((day, gain.gain_id, {"status": status, "tenths": step}))
    if need:
        raise ValueError(say("example.lean.not_enough_identified"))
    return events


def _numbered(
    spec: ExampleSpec, gains: list[Gain], realised: list[tuple[date, str, Row]]
) -> list[Row]:
    """Return every event of every gain in order, with the first one saying it was identified."""
    rows: list[Row] = []
    bare = spec.lean.gains.without_evidence
    lines = budget_lines(spec, gains)
    for gain in gains:
        own: list[tuple[date, Row]] = [
            (gain.identified_on, {"status": "identified", "tenths": 0}),
        ]
        own += sorted(
            ((day, dict(row)) for day, gain_id, row in realised if gain_id == gain.gain_id),
            key=lambda pair: pair[0],
        )
        if gain.dropped_on is not None:
            own.append((gain.dropped_on, {"status": "dropped", "tenths": 0}))
        for number, (day, row) in enumerate(own, start=1):
            is_realising = row["tenths"] != 0
            without = is_realising and bare > 0 and int(gain.gain_id[1:]) % 9 == 0
            bare -= without
            shown = is_realising and not without
            kind, place = reference(spec, gain, day, lines) if shown else (None, None)
            rows.append(
                {
                    "gain": gain.gain_id, "number": number, "date": day, **row,
                    "used_for": used_for(gain) if is_realising else None,
                    "evidence": in_words(gain, day) if shown else None,
                    "evidence_kind": kind, "evidence_ref": place, "note": None,
                    "registered": day + timedelta(days=int(gain.gain_id[1:]) % 12),
                    "role": "Utviklingsleder" if number == 1 else "Enhetsleder",
                }
            )  # fmt: skip
    return rows


def _gain_row(spec: ExampleSpec, gain: Gain) -> Row:
    fte = gain.tenths / TENTH
    course = next(c for c in spec.lean.courses if c.unit == gain.unit)
    saved = round(fte * gain.split[2] / 100 * spec.lean.gains.fte_value_nok)
    return {
        "id": gain.gain_id, "unit": gain.unit, "cycle": cycle_id(course), "title": gain.title,
        "tool": gain.tool, "split": gain.split, "identified_on": gain.identified_on, "fte": fte,
        "metric": course.metric, "kind": kind_of(gain), "owner": "Enhetsleder",
        "amount": saved or None,
    }  # fmt: skip
