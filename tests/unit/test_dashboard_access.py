"""Who gets a role and a scope from the access table, and who gets nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.access import EVERYTHING, LOCAL_VIEWER, Role, Scope, still_has, viewer_for
from dashboards.identity import name_in_log
from dashboards.provider import Provider

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = "subject;role;units;sectors;valid_from;valid_to\n"


def claims(email: str = "kari@example.no", hours_ago: float = 1, **more: object):
    issued = int(NOW.timestamp() - hours_ago * 3600)
    return {"sub": "s-1", "email": email, "email_verified": True, "iat": issued, **more}


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "access.csv"
    file.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_unit_leader_gets_the_units_of_the_line(tmp_path: Path) -> None:
    file = table(tmp_path, "Kari@Example.no;enhetsleder;u2|u1;;2026-01-01;2026-12-31")
    viewer = viewer_for(claims(), file, NOW)
    assert viewer is not None
    assert viewer.role is Role.UNIT_LEADER
    assert viewer.scope == Scope(units=("u1", "u2"))


def test_commas_and_a_byte_order_mark_are_read_too(tmp_path: Path) -> None:
    header = "\ufeffsubject,role,units,sectors,valid_from,valid_to\n"
    file = table(tmp_path, "s-1,kommunalsjef,,Omsorg|Helse,,", header=header)
    viewer = viewer_for(claims(), file, NOW)
    assert viewer is not None
    assert viewer.scope == Scope(sectors=("Helse", "Omsorg"))


def test_the_chief_executive_sees_everything(tmp_path: Path) -> None:
    viewer = viewer_for(claims(), table(tmp_path, "kari@example.no;kommunedirektor;;;;"), NOW)
    assert viewer is not None
    assert viewer.scope == EVERYTHING


def test_a_leader_without_units_has_an_empty_scope_not_everything(tmp_path: Path) -> None:
    viewer = viewer_for(claims(), table(tmp_path, "kari@example.no;enhetsleder;;;;"), NOW)
    assert viewer is not None
    assert viewer.scope == Scope()


@pytest.mark.parametrize(
    "line",
    [
        "kari@example.no;sjefen over alle;;;;",
        "kari@example.no;lokal;;;;",
        "kari@example.no;analytiker;;;2026-03-02;",
        "kari@example.no;analytiker;;;;2026-02-28",
        "kari@example.no;analytiker;;;01.01.2026;",
        "ola@example.no;analytiker;;;;",
        ";analytiker;;;;",
        "kari@example.no",
    ],
)
def test_a_line_that_does_not_clearly_give_access_gives_none(tmp_path: Path, line: str) -> None:
    assert viewer_for(claims(), table(tmp_path, line), NOW) is None


def test_two_valid_lines_for_one_reader_give_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;", "s-1;enhetsleder;u1;;;")
    assert viewer_for(claims(), file, NOW) is None


def test_an_address_the_provider_has_not_verified_gives_nothing(tmp_path: Path) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    assert viewer_for(claims(email_verified=False), file, NOW) is None
    assert viewer_for(claims(email_verified=True), file, NOW) is not None


@pytest.mark.parametrize("hours_ago", [10.1, -1])
def test_an_old_login_or_one_from_the_future_gives_nothing(
    tmp_path: Path, hours_ago: float
) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    assert viewer_for(claims(hours_ago=hours_ago), file, NOW) is None


def test_a_missing_table_gives_nothing(tmp_path: Path) -> None:
    assert viewer_for(claims(), tmp_path / "none.csv", NOW) is None
    assert viewer_for(claims(), None, NOW) is None


def test_a_line_that_is_gone_or_changed_since_the_page_was_drawn_no_longer_holds(
    tmp_path: Path,
) -> None:
    file = table(tmp_path, "kari@example.no;enhetsleder;u1;;;")
    viewer = viewer_for(claims(), file, NOW)
    assert viewer is not None
    assert still_has(viewer, file, NOW)
    table(tmp_path, "kari@example.no;enhetsleder;u2;;;")
    assert not still_has(viewer, file, NOW)
    table(tmp_path, "ola@example.no;enhetsleder;u1;;;")
    assert not still_has(viewer, file, NOW)
    assert not still_has(viewer, None, NOW)
    assert still_has(LOCAL_VIEWER, None, NOW)


ISSUER = "https://login.example/5a0e/v2.0"
PROVIDER = Provider((ISSUER,), "pukk")
GENUINE = {"iss": ISSUER, "aud": "pukk", "tid": "5a0e", "oid": "0B7C-11"}


@pytest.mark.parametrize(
    "verified", [None, False, "true", "True", 1, "1", ["true"], {"value": True}], ids=repr
)
def test_an_address_counts_only_when_the_provider_says_true_and_nothing_like_it(
    tmp_path: Path, verified: object
) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    told = claims(email_verified=verified)
    assert viewer_for(told, file, NOW) is None
    del told["email_verified"]
    assert viewer_for(told, file, NOW) is None
    assert viewer_for(claims(), file, NOW) is not None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("KARI@Example.NO", True),
        (" kari@example.no ", True),
        ("ka\N{CYRILLIC SMALL LETTER ER}i@example.no", False),
        ("\N{KELVIN SIGN}ari@example.no", False),
        ("\N{FULLWIDTH LATIN SMALL LETTER K}ari@example.no", False),
        ("kar\N{LATIN SMALL LETTER DOTLESS I}@example.no", False),
        ("kar\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}@example.no", False),
        ("kari@example.no\N{ZERO WIDTH SPACE}", False),
        ("kari@example.no@annet.no", False),
        ("kari @example.no", False),
        ("kari@", False),
        (["kari@example.no"], False),
        (None, False),
    ],
    ids=repr,
)
def test_an_address_is_the_same_in_any_case_and_no_lookalike_is_it(
    tmp_path: Path, given: object, expected: bool
) -> None:
    file = table(tmp_path, "Kari@example.no;revisor;;;;")
    told = claims(email=given)  # type: ignore[arg-type] # a token may hold anything
    assert (viewer_for(told, file, NOW) is not None) is expected


def test_an_address_with_letters_of_ours_is_the_same_however_they_are_put_together(
    tmp_path: Path,
) -> None:
    file = table(tmp_path, "ÅSE.Øy@example.no;revisor;;;;")
    for name in (
        "åse.øy@example.no",
        "a\N{COMBINING RING ABOVE}se.øy@example.no",
        "Åse.ØY@EXAMPLE.no",
    ):
        assert viewer_for(claims(email=name), file, NOW) is not None, name
    assert viewer_for(claims(email="ase.øy@example.no"), file, NOW) is None


def test_what_looks_like_an_address_in_sub_is_not_one(tmp_path: Path) -> None:
    # a provider that lets people choose their own name must not let them choose another's address
    file = table(tmp_path, "sjef@example.no;kommunedirektor;;;;")
    told = claims(email="annen@example.no", sub="sjef@example.no")
    assert viewer_for(told, file, NOW) is None
    file = table(tmp_path, "sub:sjef@example.no;revisor;;;;")
    assert viewer_for(told, file, NOW) is not None
    assert viewer_for(claims(email="sjef@example.no"), file, NOW) is None


def test_an_object_id_counts_in_its_own_directory_alone(tmp_path: Path) -> None:
    file = table(tmp_path, "oid:0b7c-11;revisor;;;;")
    assert viewer_for(claims(**GENUINE), file, NOW, PROVIDER) is not None
    for other in ({"tid": "ffff"}, {"tid": ""}, {"tid": None}, {"oid": "0b7c-12"}, {"oid": None}):
        assert viewer_for(claims(**(GENUINE | other)), file, NOW, PROVIDER) is None, other
    # as a subject it would be somebody else
    assert viewer_for(claims(**(GENUINE | {"oid": "x", "sub": "0b7c-11"})), file, NOW) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.example/other/v2.0"}, {"iss": None}, {"iss": [ISSUER]},
        {"aud": "other"}, {"aud": None}, {"aud": ["pukk", "other"]}, {"azp": "other"},
        {"aud": ["other"], "azp": "pukk"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_token_of_another_or_for_another_gives_nothing(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    assert viewer_for(claims(**GENUINE), file, NOW, PROVIDER) is not None
    assert viewer_for(claims(**(GENUINE | changed)), file, NOW, PROVIDER) is None


def test_a_line_may_be_for_one_issuer_alone(tmp_path: Path) -> None:
    header = "subject;issuer;role;units;sectors;valid_from;valid_to\n"
    file = table(tmp_path, f"s-1;{ISSUER};revisor;;;;", header=header)
    viewer = viewer_for(claims(**GENUINE), file, NOW, PROVIDER)
    assert viewer is not None
    assert still_has(viewer, file, NOW)
    other = Provider(("https://other.example",), "pukk")
    told = claims(**(GENUINE | {"iss": "https://other.example"}))
    assert viewer_for(told, file, NOW, other) is None
    table(tmp_path, "s-1;https://other.example;revisor;;;;", header=header)
    assert not still_has(viewer, file, NOW)


def test_a_table_that_any_account_may_write_to_gives_nobody_access(tmp_path: Path) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    file.chmod(0o666)
    assert viewer_for(claims(), file, NOW) is None
    file.chmod(0o664)
    assert viewer_for(claims(), file, NOW) is not None


@pytest.mark.parametrize("issued", [True, "1772362800", None, 1e300, float("nan"), -1e300, [], {}])
def test_a_login_that_does_not_say_when_it_was_gives_nothing(
    tmp_path: Path, issued: object
) -> None:
    file = table(tmp_path, "kari@example.no;revisor;;;;")
    assert viewer_for(claims(iat=issued), file, NOW) is None


def test_the_log_names_nobody_by_an_address_they_have_not_proved() -> None:
    assert name_in_log(claims()) == "kari@example.no"
    assert name_in_log(claims(email_verified=None)) == "sub:s-1"
    assert name_in_log(claims(**GENUINE, email_verified=False)) == "oid:0b7c-11"
    assert name_in_log({}) == ""
