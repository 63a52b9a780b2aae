"""Whether a pack may be pooled: read, checked in a fixed order, refused or stopped with a reason.

What is refused is not what it says it is. What is stopped may be right and looks wrong: somebody
confirms it with a reason, or it stays out. The words of the reasons are not here.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np

from pipelines.evidence.keys import is_signed_by
from pipelines.evidence.pack import Pack, PackError, Result, read_pack

Status = Literal["accepted", "refused", "stopped", "other_group"]
Reason = Literal[
    "signature", "schema", "future", "sequence", "several", "other_definition", "no_estimate",
    "model_checks", "merged", "level", "precision", "announced_late",
]  # fmt: skip
_LEVEL = (1 / 3, 3.0)
_PRECISION = (0.4, 2.5)
_PRECISION_FROM = 5


@dataclass(frozen=True)
class Delivered:
    """A pack as it came.

    Attributes:
        name: The file's name.
        content: Its bytes.
        signature: Its detached signature, base64; empty when none came.
    """

    name: str
    content: bytes
    signature: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Seen:
    """What a municipality's chain of packs has come to.

    Attributes:
        sequence: Number of the last pack.
        sha256: Hash of its bytes.
    """

    sequence: int
    sha256: str


@dataclass(frozen=True)
class Question:
    """What is pooled: one metric, one kind of service, one window.

    Attributes:
        definition_sha256: Of the metric.
        service_type: ``all`` or one kind.
        window: Months after the start.
        scale: The model's scale.
        model: Major version of the model, ``pss-1`` of ``pss-1.3``.
    """

    definition_sha256: str
    service_type: str
    window: str
    scale: str
    model: str


@dataclass(frozen=True)
class Outcome:
    """What became of a pack for one question.

    Attributes:
        name: The file's name.
        municipality_id: Who; empty when it cannot be known.
        status: Accepted, refused, stopped, or of another group.
        reason: Why not; None when accepted.
        detail: A field, a number or a bound that belongs to the reason.
        result: The estimate, where there is one.
    """

    name: str
    municipality_id: str
    status: Status
    reason: Reason | None = None
    detail: str = ""
    result: Result | None = None


def read_delivered(
    delivered: Sequence[Delivered],
    keys: Mapping[str, str],
    seen: Mapping[str, Seen],
    today: date,
) -> tuple[list[tuple[Delivered, Pack]], list[Outcome]]:
    """Read packs that came: signature, shape, time, and the chain of each municipality.

    Args:
        delivered: The packs.
        keys: Public key by municipality's number.
        seen: What each municipality's chain had come to.
        today: No figure is from later.

    Returns:
        The packs that can be asked, and what was refused.
    """
    read, refused = [], []
    for one in delivered:
        found = _read(one, keys, seen, today)
        if isinstance(found, Outcome):
            refused.append(found)
        else:
            read.append((one, found))
    several = _several([pack for _, pack in read])
    kept = [(one, pack) for one, pack in read if pack.municipality_id not in several]
    refused += [
        Outcome(one.name, pack.municipality_id, "refused", "several")
        for one, pack in read
        if pack.municipality_id in several
    ]
    return kept, refused


def _read(
    one: Delivered, keys: Mapping[str, str], seen: Mapping[str, Seen], today: date
) -> Pack | Outcome:
    # a bit that is turned may make it unreadable or another's: that too is a broken signature
    if not any(is_signed_by(one.content, one.signature, key) for key in keys.values()):
        return Outcome(one.name, "", "refused", "signature")
    try:
        pack = read_pack(one.content)
    except PackError as error:
        return Outcome(one.name, "", "refused", "schema", str(error))
    who = pack.municipality_id
    if who not in keys or not is_signed_by(one.content, one.signature, keys[who]):
        return Outcome(one.name, who, "refused", "signature")
    if date.fromisoformat(pack.as_of_month) > today:
        return Outcome(one.name, who, "refused", "future", pack.as_of_month)
    before = seen.get(who)
    if before is not None and before.sha256 == one.sha256:
        # the newest is known: reading it again changes nothing
        return pack
    last, sha256 = (before.sequence, before.sha256) if before else (0, None)
    if pack.sequence <= last or (before is not None and pack.previous_sha256 != sha256):
        return Outcome(one.name, who, "refused", "sequence", f"{pack.sequence} ({last})")
    return pack


def _several(packs: Sequence[Pack]) -> set[str]:
    counted: dict[str, int] = {}
    for pack in packs:
        counted[pack.municipality_id] = counted.get(pack.municipality_id, 0) + 1
    return {who for who, n in counted.items() if n > 1}


def check(
    packs: Sequence[tuple[Delivered, Pack]],
    question: Question,
    *,
    merged: Collection[frozenset[str]] = (),
    confirmed: Collection[tuple[str, Reason]] = (),
) -> list[Outcome]:
    """Check packs for one question.

    Args:
        packs: From :func:`read_delivered`.
        question: What is pooled.
        merged: Municipalities that have since become one, or were one before: one of them counts.
        confirmed: Municipality and reason that somebody has confirmed.

    Returns:
        One per pack, in their order.
    """
    first = [_of_question(one, pack, question) for one, pack in packs]
    first = _one_of_each(first, packs, merged)
    able = [outcome for outcome in first if outcome.status == "accepted"]
    return [_compared(outcome, able, confirmed) for outcome in first]


def major(model_version: str) -> str:
    """Return the part of a model's version that must be the same."""
    return model_version.split(".")[0]


def _of_question(one: Delivered, pack: Pack, question: Question) -> Outcome:
    who = pack.municipality_id
    rows = [
        row
        for row in pack.results
        if (row.definition_sha256, row.service_type, row.window, row.scale)
        == (question.definition_sha256, question.service_type, question.window, question.scale)
    ]
    if not rows or major(pack.model_version) != question.model:
        return Outcome(one.name, who, "other_group", "other_definition")
    (row,) = rows[:1]
    if len(rows) > 1 or not (np.isfinite([row.estimate, row.se]).all() and row.se > 0):
        return Outcome(one.name, who, "refused", "no_estimate", f"{row.se:g}", row)
    if row.checks:
        return Outcome(one.name, who, "refused", "model_checks", row.checks, row)
    if row.registered and not _announced_in_time(pack, row):
        return Outcome(one.name, who, "refused", "announced_late", "", row)
    return Outcome(one.name, who, "accepted", result=row)


def _announced_in_time(pack: Pack, row: Result) -> bool:
    found = [
        each
        for each in pack.registered
        if (each.definition_sha256, each.service_type) == (row.definition_sha256, row.service_type)
    ]
    return bool(found) and all(
        datetime.fromisoformat(each.locked_at).astimezone(UTC).date()
        < date.fromisoformat(each.first_start_month)
        for each in found
    )


def _one_of_each(
    outcomes: list[Outcome],
    packs: Sequence[tuple[Delivered, Pack]],
    merged: Collection[frozenset[str]],
) -> list[Outcome]:
    newest = {pack.municipality_id: pack.as_of_month for _, pack in packs}
    out = set()
    for group in merged:
        here = [o.municipality_id for o in outcomes if o.status == "accepted"]
        together = sorted(set(here) & group, key=lambda who: (newest[who], who))
        out |= set(together[:-1])
    return [
        Outcome(o.name, o.municipality_id, "refused", "merged", "", o.result)
        if o.status == "accepted" and o.municipality_id in out
        else o
        for o in outcomes
    ]


def _compared(
    outcome: Outcome, able: Sequence[Outcome], confirmed: Collection[tuple[str, Reason]]
) -> Outcome:
    if outcome.status != "accepted" or outcome.result is None:
        return outcome
    others = [o.result for o in able if o is not outcome and o.result is not None]
    if not others:
        return outcome
    row = outcome.result
    level = abs(row.mean_before) / float(np.median([abs(o.mean_before) for o in others]) or np.nan)
    facts: list[tuple[Reason, float, tuple[float, float]]] = [("level", level, _LEVEL)]
    if len(able) >= _PRECISION_FROM:
        spread = float(np.median([o.se * np.sqrt(o.n_persons) for o in others]))
        facts.append(("precision", row.se * float(np.sqrt(row.n_persons)) / spread, _PRECISION))
    for reason, ratio, (low, high) in facts:
        if not low <= ratio <= high and (outcome.municipality_id, reason) not in confirmed:
            who = outcome.municipality_id
            return Outcome(outcome.name, who, "stopped", reason, f"{ratio:.3g}", row)
    return outcome
