"""Gates and verdicts: what may be said about one unit and metric; the first that holds."""

from dataclasses import dataclass
from typing import Literal

from pipelines.effects.judge.events import Flags
from pipelines.effects.model.inputs import Rules

Verdict = Literal[
    "suppressed",
    "too_little_data",
    "not_interpretable",
    "improved",
    "worsened",
    "changed",
    "no_detectable_change",
]
Precision = Literal["sign_beyond_expected", "practically_unchanged", "cannot_tell"]


@dataclass(frozen=True)
class Evidence:
    """What the gates look at.

    Attributes:
        employees: Mean employees, None if unknown.
        min_persons: Privacy limit of the metric.
        window: Months on each side, None if there are not 12.
        is_preliminary: Before the month the series is judged at.
        n_before: Months with a value before.
        n_after: Months with a value after.
        n_untreated: Comparable units not started.
        is_small_family: Under 20 units have the metric; then ``is_answerable`` counts instead.
        is_answerable: The family is large enough for what the window asks.
        model: ``ok``, ``none`` (nothing could be fitted) or ``broken`` (a check failed).
        has_effect: The counterfactual reaches the window.
        is_cost_linked: Budget cuts move the metric directly.
        flags: Events.
    """

    employees: float | None
    min_persons: int
    window: int | None
    is_preliminary: bool
    n_before: int
    n_after: int
    n_untreated: int
    is_small_family: bool
    is_answerable: bool
    model: Literal["ok", "none", "broken"]
    has_effect: bool
    is_cost_linked: bool
    flags: Flags


def gate(evidence: Evidence, rules: Rules) -> tuple[Verdict, str] | None:
    """Stop what may not be judged.

    Returns:
        Verdict and reason code, or None if the row passes G0 to G2.
    """
    if evidence.employees is None or evidence.employees < evidence.min_persons:
        return "suppressed", "few_persons"
    reason = _too_little(evidence, rules)
    if reason is not None:
        return "too_little_data", reason
    reason = _not_interpretable(evidence)
    if reason is not None:
        return "not_interpretable", reason
    return None


def _too_little(evidence: Evidence, rules: Rules) -> str | None:
    if evidence.is_preliminary:
        return "preliminary"
    if evidence.window is None:
        return "short_history"
    needed = rules.min_share * evidence.window
    checks = (
        ("missing_before", evidence.n_before < needed),
        ("missing_after", evidence.n_after < needed),
        ("no_model", evidence.model == "none"),
        ("few_untreated", _few_untreated(evidence, rules)),
        ("no_model", not evidence.has_effect),
        ("model_check", evidence.model == "broken"),
    )
    return next((reason for reason, broken in checks if broken), None)


def _few_untreated(evidence: Evidence, rules: Rules) -> bool:
    if evidence.is_small_family:
        return not evidence.is_answerable
    return evidence.n_untreated < rules.min_untreated


def _not_interpretable(evidence: Evidence) -> str | None:
    flags = evidence.flags
    checks = (
        ("definition_change", flags.definition_change),
        ("reorganisation", flags.reorganisation),
        ("budget_cut", flags.budget_cut and evidence.is_cost_linked),
    )
    return next((reason for reason, holds in checks if holds), None)


def judge(p_value: float, q_value: float | None, rules: Rules, *, is_good: bool | None) -> Verdict:
    """Judge a row that passed the gates.

    Args:
        p_value: Of the counterfactual effect.
        q_value: Among the screened rows of its metric; None for a registered target, which is one
            test whatever else is measured.
        rules: Limits.
        is_good: The effect is for the better; None if no direction is better.
    """
    if p_value > rules.max_p or (q_value is not None and q_value > rules.max_q):
        return "no_detectable_change"
    if is_good is None:
        return "changed"
    return "improved" if is_good else "worsened"


def precision_of(
    p_value: float, interval: tuple[float, float], relevant: float | None, rules: Rules
) -> Precision:
    """Tell apart what was not found: a sign beyond the expected, unchanged, or cannot be told.

    Args:
        p_value: At most ``rules.max_p`` where the interval excludes zero.
        interval: 95 %.
        relevant: The smallest effect that matters, in the interval's unit.
        rules: Limits.
    """
    if p_value <= rules.max_p:
        return "sign_beyond_expected"
    low, high = interval
    if relevant is not None and -relevant <= low and high <= relevant:
        return "practically_unchanged"
    return "cannot_tell"


def relevant_effect(relevant: float | None, effect_unit: str, mean_before: float) -> float | None:
    """The minimum relevant effect in the unit the effect is told in.

    Args:
        relevant: The metric's, in its own unit; None if it has none.
        effect_unit: ``raw`` or ``percent``.
        mean_before: Mean before the start in the metric's unit, which per cent are of.
    """
    if relevant is None or effect_unit == "raw":
        return relevant
    return 100 * relevant / abs(mean_before) if abs(mean_before) > 0 else None


def good_sign(direction: str) -> int | None:
    """The better sign of a metric; None if none is fixed (neutral, target)."""
    return {"lower": -1, "higher": 1}.get(direction)


def is_good(
    direction: str, effect_raw: float, mean_after: float, target: float | None
) -> bool | None:
    """Whether an effect is for the better.

    Args:
        direction: lower, higher, target or neutral.
        effect_raw: Effect in the metric's unit; only its sign counts but for ``target``.
        mean_after: As measured.
        target: Wanted value; with direction ``target``, nearer than expected is better.
    """
    sign = good_sign(direction)
    if sign is not None:
        return effect_raw * sign > 0
    if direction == "target" and target is not None:
        return abs(mean_after - target) < abs(mean_after - effect_raw - target)
    return None


def start_year(bump: float | None, margin: float | None, direction: str) -> str | None:
    """Name the year before the start: bad, good or unusual; None if nothing stood out.

    Args:
        bump: The group's bump before the start.
        margin: What it widened the pooled interval by; 0 where it was not clear.
        direction: Of the metric.
    """
    if bump is None or not margin:
        return None
    sign = good_sign(direction)
    if sign is None:
        return "unusual"
    return "bad" if bump * sign < 0 else "good"
