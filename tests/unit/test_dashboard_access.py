"""Who gets a role and a scope from the access table, and who gets nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.access import EVERYTHING, LOCAL_VIEWER, Role, Scope, still_has, viewer_for

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = "subject;role;units;sectors;valid_from;valid_to\n"


def claims(email: str = "kari@example.no", hours_ago: float = 1, **more: object):
    issued = int(NOW.timestamp() - hours_ago * 3600)
    return {"sub": "s-1", "email": email, "iat": issued, **more}


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
