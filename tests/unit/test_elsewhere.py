"""How it went in several municipalities, as readers are told it: kept, drawn, and on paper."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.components.elsewhere import beside_group, in_others
from dashboards.context import Context
from dashboards.reports.as_html import to_html
from dashboards.reports.group import ALL, Group
from dashboards.reports.pdf import to_pdf
from dashboards.reports.pooling import pooling_report
from pipelines.desk.elsewhere import Elsewhere, elsewhere, keep_elsewhere, read_told, written
from pipelines.evidence.answer import answers, as_rows
from pipelines.evidence.checks import read_delivered
from pipelines.evidence.keys import public_of
from pipelines.evidence.pooling import Shared, pool_municipalities
from pipelines.evidence.told import as_told
from pipelines.words.catalogue import codes
from tests.evidence_house import House

METRIC = "sick_cases_per_100"
LABELS = {METRIC: {"nb": "Nye sykefravær", "nn": "Nye sjukefråvær", "en": "New absences"}}
ESTIMATES = (-0.914, -1.482, 0.231, -0.377, -1.105, -6.0)
NAMES = ("Aasby", "Bø & co", "Cirkelby", "Dal", "Eng", "Fjern")
WARD = Viewer("kari", Role.UNIT_LEADER, Scope(units=("u1",)))


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    houses = [House(number) for number in range(1, 7)]
    packs = [
        house.delivered(estimate=estimate, municipality_name=name)
        for house, estimate, name in zip(houses, ESTIMATES, NAMES, strict=True)
    ]
    stranger = House(8).delivered()
    keys = {house.id: public_of(house.key) for house in houses}
    read, refused = read_delivered([*packs, stranger], keys, {}, date(2026, 1, 1))
    names = {pack.municipality_id: pack.municipality_name for _, pack in read}
    (left_out,) = refused
    return {
        "made_at": "2025-02-01T06:00:00+00:00",
        "answers": [as_rows(each, names) for each in answers(read)],
        "refused": [
            {
                "file": left_out.name, "municipality_id": left_out.municipality_id,
                "status": left_out.status, "reason": left_out.reason, "detail": "",
            }
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def told(table: dict[str, Any]) -> Elsewhere:
    return as_told(table, LABELS, House(1).id)


@pytest.fixture
def page(tmp_path: Path, told: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))
    keep_elsewhere(tmp_path, told)
    return Context("", "nb", LOCAL_VIEWER)


def test_what_is_told_is_read_as_it_was_written(told: Elsewhere, tmp_path: Path) -> None:
    assert read_told(written(told)) == told
    file = keep_elsewhere(tmp_path, told)
    assert elsewhere(tmp_path) == told
    file.write_text(written(told).replace('"unit"', '"enhet"'))
    assert elsewhere(tmp_path) is None
    file.unlink()
    assert elsewhere(tmp_path) is None


def test_each_municipality_is_left_out_in_turn(table: dict[str, Any], told: Elsewhere) -> None:
    rows = table["answers"][0]["municipalities"]
    shared = [
        Shared(row["municipality_id"], row["estimate"], row["se"], row["margin"], "chosen")
        for row in rows
    ]
    (answer,) = told.answers
    by_name = {place.name: place for place in answer.places}
    for place, name in enumerate(NAMES):
        rest = pool_municipalities([*shared[:place], *shared[place + 1 :]])
        assert by_name[name].without == pytest.approx((rest.mean.mean, rest.low, rest.high))
    # without the one that is far from the others the mean is another
    whole = next(place for place in answer.places if place.kind == "mean")
    assert by_name["Fjern"].without is not None
    assert by_name["Fjern"].without[0] > whole.estimate + 0.5
    assert [place.name for place in answer.places if place.is_own] == ["Aasby"]


def test_five_are_pooled_and_none_of_them_left_out(table: dict[str, Any]) -> None:
    row = dict(table["answers"][0])
    row["municipalities"] = row["municipalities"][:5]
    (answer,) = as_told({**table, "answers": [row]}, {}).answers
    assert {place.without for place in answer.places} == {None}
    assert answer.label["nb"] == METRIC
    assert answer.own == {}


@pytest.mark.parametrize("language", codes())
def test_the_one_who_pools_gets_a_page_and_a_pdf(told: Elsewhere, language: str) -> None:
    made = pooling_report(told, language)
    page = to_html(made)
    assert LABELS[METRIC][language] in page
    assert "Bø &amp; co" in page
    assert page.count("<svg ") == 1 + len(told.answers[0].places)
    assert told.refused[language][0] in page.replace("&#x27;", "'")
    assert to_pdf(made).startswith(b"%PDF")


def test_readers_are_told_beside_their_own_figures(page: Context) -> None:
    everyone = Group(ALL, "Alle", frozenset({"u1"}))
    drawn = beside_group(page, everyone, METRIC)
    assert "Slik gikk det i 6 kommuner" in drawn
    assert "Deres eget anslag er −0,9" in drawn
    assert drawn.count('scope="row"') == 8
    assert "Aasby (dere)" in drawn
    assert "Bø &amp; co" in drawn
    assert "Nye sykefravær" in in_others(page)
    for group, metric in (
        (everyone, "overtime_pct"),
        (Group("sektor.Omsorg", "Omsorg", frozenset()), METRIC),
        (Group("tjeneste.school", "Skole", frozenset()), METRIC),
    ):
        assert beside_group(page, group, metric) == ""


def test_who_sees_some_units_is_not_told_what_is_of_all(page: Context) -> None:
    limited = Context(page.generation, page.language, WARD)
    drawn = beside_group(limited, Group(ALL, "Alle", frozenset({"u1"})), METRIC)
    assert "6 kommuner" in drawn
    assert "Deres eget" not in drawn + in_others(limited)
    assert "<table" not in drawn


def test_where_nothing_was_pooled_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))
    page = Context("", "nb", LOCAL_VIEWER)
    assert in_others(page) == ""
    assert beside_group(page, Group(ALL, "Alle", frozenset()), METRIC) == ""
