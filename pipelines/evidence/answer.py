"""What a pool of packs answers, question by question, ready to be told or kept as a table.

Reading and checking packs is ``checks``, the arithmetic ``pooling``; sentences are ``sentences``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pipelines.effects.judge.multiple_testing import benjamini_hochberg
from pipelines.effects.model.inputs import Rules
from pipelines.evidence.checks import Delivered, Outcome, Question, Reason, check, major
from pipelines.evidence.pack import Definition, Pack, Result
from pipelines.evidence.pooling import (
    LEAST,
    Better,
    Pooled,
    Shared,
    filled,
    pool_municipalities,
)

Verdict = Literal["improved", "worsened", "cannot_tell", "too_few"]
_RULES = Rules()
"""The limits of every verdict."""


@dataclass(frozen=True)
class Answer:
    """What the municipalities say to one question.

    Attributes:
        question: The question.
        definition: Of the metric.
        outcomes: What became of each pack.
        pooled: The pooling; None with too few.
        with_absent: The same with announced packs that never came filled in; None when enough came.
        n_announced: How many announced a start before it.
        n_delivered: How many of them came.
        q: Of ``pooled.p`` among all questions that were pooled; None with too few.
        verdict: Of the mean, by the worse of the two poolings.
    """

    question: Question
    definition: Definition
    outcomes: tuple[Outcome, ...]
    pooled: Pooled | None
    with_absent: Pooled | None
    n_announced: int
    n_delivered: int
    q: float | None
    verdict: Verdict

    @property
    def accepted(self) -> list[Outcome]:
        """The packs that count."""
        return [one for one in self.outcomes if one.status == "accepted"]


def answers(
    packs: Sequence[tuple[Delivered, Pack]],
    *,
    merged: Collection[frozenset[str]] = (),
    confirmed: Collection[tuple[str, Reason]] = (),
) -> list[Answer]:
    """Answer every question that the packs speak to.

    Args:
        packs: From :func:`pipelines.evidence.checks.read_delivered`.
        merged: Municipalities of which one counts.
        confirmed: Municipality and reason that somebody has confirmed.
    """
    found = []
    for question in _questions(packs):
        outcomes = tuple(check(packs, question, merged=merged, confirmed=confirmed))
        found.append(_answer(question, outcomes, packs))
    known = [answer for answer in found if answer.pooled is not None]
    if not known:
        return found
    worst = [max(p.p for p in (a.pooled, a.with_absent) if p is not None) for a in known]
    q_values = dict(zip(map(id, known), benjamini_hochberg(np.array(worst)), strict=True))
    return [_judged(answer, q_values.get(id(answer))) for answer in found]


def _questions(packs: Sequence[tuple[Delivered, Pack]]) -> list[Question]:
    asked = {
        Question(
            row.definition_sha256, row.service_type, row.window, row.scale,
            major(pack.model_version),
        )
        for _, pack in packs
        for row in pack.results
    }  # fmt: skip
    return sorted(asked, key=lambda q: (q.definition_sha256, q.service_type, q.window, q.scale))


def _answer(
    question: Question, outcomes: tuple[Outcome, ...], packs: Sequence[tuple[Delivered, Pack]]
) -> Answer:
    by_id = {pack.municipality_id: pack for _, pack in packs}
    accepted = [one for one in outcomes if one.status == "accepted" and one.result is not None]
    definition = next(
        pack.definitions[question.definition_sha256]
        for pack in by_id.values()
        if question.definition_sha256 in pack.definitions
    )
    announced = {
        who
        for who, pack in by_id.items()
        if any(
            (row.definition_sha256, row.service_type)
            == (question.definition_sha256, question.service_type)
            for row in pack.registered
        )
    }
    came = announced & {one.municipality_id for one in accepted}
    shared = [_shared(one.municipality_id, one.result) for one in accepted if one.result]
    pooled = pool_municipalities(shared) if len(shared) >= LEAST else None
    better: Better = definition.direction
    absent = len(announced) - len(came)
    whole = filled(shared, len(shared) + absent, better) if pooled and absent else None
    return Answer(
        question=question,
        definition=definition,
        outcomes=outcomes,
        pooled=pooled,
        with_absent=pool_municipalities(whole) if whole else None,
        n_announced=len(announced),
        n_delivered=len(came),
        q=None,
        verdict="too_few",
    )


def _shared(who: str, row: Result) -> Shared:
    return Shared(who, row.estimate, row.se, row.margin, row.start_order)


def _judged(answer: Answer, q: float | None) -> Answer:
    if answer.pooled is None or q is None:
        return answer
    poolings = [one for one in (answer.pooled, answer.with_absent) if one is not None]
    is_found = q <= _RULES.max_q and all(one.p <= _RULES.max_p for one in poolings)
    signs = {np.sign(one.mean.mean) for one in poolings}
    good = -1.0 if answer.definition.direction == "lower" else 1.0
    verdict: Verdict = "cannot_tell"
    if is_found and len(signs) == 1:
        verdict = "improved" if signs == {good} else "worsened"
    return Answer(**{**vars(answer), "q": float(q), "verdict": verdict})


def as_rows(answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    """Return an answer as plain content, for the table that municipalities read.

    Args:
        answer: The answer.
        names: Municipality's number to name.
    """
    found = answer.pooled
    return {
        **vars(answer.question),
        "definition": answer.definition.model_dump(),
        "n_announced": answer.n_announced,
        "n_delivered": answer.n_delivered,
        "verdict": answer.verdict,
        "q": answer.q,
        "pooled": None if found is None else _figures(found),
        "with_absent": None if answer.with_absent is None else _figures(answer.with_absent),
        "municipalities": [
            {
                "municipality_id": one.municipality_id,
                "municipality_name": names.get(one.municipality_id, ""),
                "estimate": one.result.estimate,
                "se": one.result.se,
                "df": one.result.df,
                "margin": one.result.margin if one.result.start_order == "chosen" else 0.0,
                "start_order": one.result.start_order,
                "registered": one.result.registered,
                **({} if found is None else _own(found, one.municipality_id)),
            }
            for one in answer.accepted
            if one.result is not None
        ],
        "left_out": [
            {
                "file": one.name,
                "municipality_id": one.municipality_id,
                "status": one.status,
                "reason": one.reason,
                "detail": one.detail,
            }
            for one in answer.outcomes
            if one.status != "accepted"
        ],
    }


def _figures(found: Pooled) -> dict[str, Any]:
    return {
        "k": len(found.municipalities),
        "mean": found.mean.mean,
        "se": found.mean.se,
        "df": found.df,
        "margin": found.margin,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "tau": float(np.sqrt(found.mean.tau2)),
        "new_mean": found.expected.new_mean,
        "new_low": found.new_low,
        "new_high": found.new_high,
        "shared_error_tolerated": found.shared_error_tolerated,
    }


def _own(found: Pooled, municipality_id: str) -> dict[str, float]:
    place = found.municipalities.index(municipality_id)
    return {
        "expected": float(found.expected.own[place]),
        "expected_low": float(found.own_low[place]),
        "expected_high": float(found.own_high[place]),
        "distance_from_others": float(found.leave_one_out[place]),
    }
