"""Packs byte for byte, and each fault of a pack refused or stopped for its own reason.

Packs of the same form are read from the folder in PUKK_POOL_CASES too.
"""

import base64
import json
import os
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.evidence.checks import (
    Delivered,
    Outcome,
    Question,
    Reason,
    Seen,
    check,
    read_delivered,
)
from pipelines.evidence.keys import is_signed_by, public_of, read_public_keys, sign
from pipelines.evidence.pack import (
    Definition,
    PackError,
    canonical,
    definition_hash,
    read_pack,
    six_digits,
    write_pack,
)
from pipelines.evidence.table import TableError, read_chains, read_table
from tests.evidence_house import REFERENCE, House
from tests.statistics.case_forms import POOL_CASES, cases_of

TODAY = date(2029, 2, 1)
SIGNED = [
    (
        found.parent / pack["file"],
        pack,
        base64.b64encode(bytes.fromhex(case["public_key_hex"])).decode(),
    )
    for found, case in cases_of("packs", POOL_CASES)
    for pack in case["packs"]
]
IDS = [file.name for file, _, _ in SIGNED]


def test_there_are_packs() -> None:
    # a folder of further cases need not have every kind
    assert SIGNED or "PUKK_POOL_CASES" in os.environ


@pytest.mark.parametrize(("file", "said", "key"), SIGNED, ids=IDS)
def test_a_pack_is_written_as_it_was_read(file: Path, said: dict[str, Any], key: str) -> None:
    content = file.read_bytes()
    assert sha256(content).hexdigest() == said["sha256"]
    assert write_pack(read_pack(content)) == content
    assert is_signed_by(content, said["signature_base64"], key)


@pytest.mark.parametrize(("file", "said", "key"), SIGNED, ids=IDS)
def test_any_bit_that_is_turned_is_refused(file: Path, said: dict[str, Any], key: str) -> None:
    content = file.read_bytes()
    who = read_pack(content).municipality_id
    for place in range(0, len(content), 7):
        turned = bytearray(content)
        turned[place] ^= 1 << (place % 8)
        one = Delivered(file.name, bytes(turned), said["signature_base64"])
        kept, refused = read_delivered([one], {who: key}, {}, TODAY)
        assert kept == []
        assert [o.reason for o in refused] == ["signature"]


def test_the_signature_of_another_pack_is_refused() -> None:
    (file, _, key), (_, other, _) = SIGNED[:2]
    one = Delivered(file.name, file.read_bytes(), other["signature_base64"])
    who = read_pack(one.content).municipality_id
    assert [o.reason for o in read_delivered([one], {who: key}, {}, TODAY)[1]] == ["signature"]


def question() -> Question:
    made = json.loads((REFERENCE / "pack_1.json").read_bytes())
    row = made["results"][0]
    return Question(row["definition_sha256"], "all", row["window"], row["scale"], "pss-1")


HOUSES = [House(number) for number in range(1, 8)]
KEYS = {house.id: public_of(house.key) for house in HOUSES}


def outcomes(*delivered: Delivered, **told: Any) -> dict[str, Outcome]:
    """What becomes of some packs beside six good ones, by file."""
    names = {one.name for one in delivered}
    good = [house.delivered() for house in HOUSES if f"{house.id}.json" not in names]
    seen = told.pop("seen", {})
    kept, refused = read_delivered([*good, *delivered], KEYS, seen, TODAY)
    return {outcome.name: outcome for outcome in [*refused, *check(kept, question(), **told)]}


def test_good_packs_are_accepted() -> None:
    assert {o.status for o in outcomes().values()} == {"accepted"}


def changed_definition() -> dict[str, Any]:
    house = HOUSES[0]
    content = house.content()
    ((old, definition),) = content["definitions"].items()
    definition = definition | {"source_definition": "ANNEN"}
    new = definition_hash(Definition(**definition))
    text = canonical(content | {"definitions": {}}).decode().replace(old, new)
    made: dict[str, Any] = json.loads(text)
    return made | {"definitions": {new: definition}}


FAULTS: list[tuple[dict[str, Any], str, Reason]] = [
    ({"as_of_month": "2031-01-01"}, "refused", "future"),
    ({"as_of_month": "2028-13-01"}, "refused", "schema"),
    ({"se": 0}, "refused", "no_estimate"),
    ({"se": -0.4}, "refused", "no_estimate"),
    ({"checks": "kurtosis"}, "refused", "model_checks"),
    ({"mean_before": 0.09, "estimate": -0.005, "se": 0.004}, "stopped", "level"),
    ({"mean_before": 90.0, "estimate": -5.0, "se": 4.0}, "stopped", "level"),
    ({"se": 0.1}, "stopped", "precision"),
    ({"model_version": "pss-2.0"}, "other_group", "other_definition"),
    ({"window": "0-11"}, "other_group", "other_definition"),
    ({"scale": "log"}, "other_group", "other_definition"),
    ({"n_units": 2}, "refused", "schema"),
    ({"n_persons": 14}, "refused", "schema"),
    ({"estimate": "lots"}, "refused", "schema"),
    ({"format": "pukk-evidence/2"}, "refused", "schema"),
]


@pytest.mark.parametrize(("changes", "status", "reason"), FAULTS)
def test_each_fault_has_its_own_reason(
    changes: dict[str, Any], status: str, reason: Reason
) -> None:
    one = HOUSES[0].delivered(**changes)
    found = outcomes(one)[one.name]
    assert (found.status, found.reason) == (status, reason)
    others = [o for name, o in outcomes(one).items() if name != one.name]
    assert {o.status for o in others} == {"accepted"}


def test_another_definition_goes_to_its_own_group() -> None:
    content = canonical(changed_definition())
    one = Delivered("other.json", content, sign(content, HOUSES[0].key))
    kept, refused = read_delivered([one], KEYS, {}, TODAY)
    assert refused == []
    assert check(kept, question())[0].reason == "other_definition"


def test_a_definition_that_is_not_what_its_hash_says_is_refused() -> None:
    content = HOUSES[0].content()
    next(iter(content["definitions"].values()))["source_definition"] = "ANNEN"
    with pytest.raises(PackError, match="definitions"):
        read_pack(canonical(content))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(PackError, match="unit_ids"):
        read_pack(canonical(HOUSES[0].content() | {"unit_ids": ["u1"]}))


def test_a_pack_is_not_counted_twice() -> None:
    house = HOUSES[0]
    first = house.delivered()
    seen = {house.id: Seen(1, first.sha256)}
    # the newest again is no news and no fault
    assert outcomes(first, seen=seen)[first.name].status == "accepted"
    replayed = Delivered(first.name, *_signed(house, as_of_month="2024-11-01"))
    assert outcomes(replayed, seen=seen)[first.name].reason == "sequence"
    broken = Delivered(first.name, *_signed(house, sequence=2, previous_sha256="0" * 64))
    assert outcomes(broken, seen=seen)[first.name].reason == "sequence"
    next_one = Delivered(first.name, *_signed(house, sequence=2, previous_sha256=first.sha256))
    assert outcomes(next_one, seen=seen)[first.name].status == "accepted"
    two = [Delivered("a.json", first.content, first.signature), next_one]
    kept, refused = read_delivered(two, KEYS, {}, TODAY)
    assert kept == []
    assert {o.reason for o in refused} >= {"several"}


def _signed(house: House, **changes: Any) -> tuple[bytes, str]:
    content = canonical(house.content(**changes))
    return content, sign(content, house.key)


def test_a_key_that_is_not_its_own_is_refused() -> None:
    content = canonical(HOUSES[0].content())
    one = Delivered(f"{HOUSES[0].id}.json", content, sign(content, HOUSES[1].key))
    assert outcomes(one)[one.name].reason == "signature"
    stranger = House(99).delivered()
    assert outcomes(stranger)[stranger.name].reason == "signature"


def test_a_start_announced_after_it_began_is_refused() -> None:
    house = HOUSES[0]
    content = house.content()
    content["registered"][0]["locked_at"] = "2022-09-02T00:00:00Z"
    late = Delivered(f"{house.id}.json", *_as_signed(house, content))
    assert outcomes(late)[late.name].reason == "announced_late"
    content["registered"] = []
    never = Delivered(f"{house.id}.json", *_as_signed(house, content))
    assert outcomes(never)[never.name].reason == "announced_late"


def _as_signed(house: House, content: dict[str, Any]) -> tuple[bytes, str]:
    written = canonical(content)
    return written, sign(written, house.key)


def test_what_is_stopped_is_let_in_by_a_confirmation() -> None:
    one = HOUSES[0].delivered(se=0.1)
    assert outcomes(one)[one.name].status == "stopped"
    found = outcomes(one, confirmed={(HOUSES[0].id, "precision")})
    assert found[one.name].status == "accepted"


def test_of_municipalities_that_became_one_the_newest_counts() -> None:
    older = HOUSES[0].delivered(as_of_month="2024-06-01")
    found = outcomes(older, merged=[frozenset({HOUSES[0].id, HOUSES[1].id})])
    assert found[older.name].reason == "merged"
    assert found[f"{HOUSES[1].id}.json"].status == "accepted"


def test_figures_leave_with_six_digits() -> None:
    assert six_digits(-0.123456789) == -0.123457
    assert six_digits(1234567.0) == 1234570.0


def test_keys_are_read_from_their_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nøkler"):
        read_public_keys(tmp_path)
    (tmp_path / "999000001.pub").write_text(KEYS[HOUSES[0].id] + "\n")
    assert read_public_keys(tmp_path) == {"999000001": KEYS[HOUSES[0].id]}
    with pytest.raises(ConfigError, match="private"):
        public_of("no key")


HOSTILE = (
    b"",
    b"{}",
    b"[]",
    b"[1,2",
    b"\xff\xfe\x00",
    b'{"made_at": NaN}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"made_at": "2026-01-01", "answers": [{}], "refused": []}',
    b'{"made_at": "2026-01-01", "answers": {}, "refused": []}',
    b'{"seen": {"1": {"sequence": "2", "sha256": ""}}, "confirmed": []}',
)


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_pack_and_no_table_is_told_as_that(content: bytes) -> None:
    with pytest.raises(PackError):
        read_pack(content)
    with pytest.raises(TableError):
        read_table(content)
    with pytest.raises(TableError):
        read_chains(content)
