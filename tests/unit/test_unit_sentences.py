"""The heading of a unit's page: one sentence by class, with the figures as printed elsewhere."""

from datetime import date

import pytest

from pipelines.words.catalogue import codes
from pipelines.words.told_rows import Metric
from pipelines.words.unit_sentences import UnitSays, unit_heading, waiting_heading

WAITING = Metric(dict.fromkeys(codes(), "Ventetid"), "days", 1, "lower")


def says(verdict_class: str, **more: object) -> UnitSays:
    row = {
        "verdict_class": verdict_class, "headline": "cannot_tell", "reason_code": None,
        "value_before": 41.52, "value_after": 24.24, "n_after": 24, "n_needed": 8,
        "years_held": 0, "is_back": False, "metric": WAITING,
    } | more  # fmt: skip
    return UnitSays(**row)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (says("better"), "Ventetid gikk fra 41,5 til 24,2 dager"),
        (says("better", years_held=1),
         "Ventetid gikk fra 41,5 til 24,2 dager og har holdt seg i ett år"),
        (says("better", years_held=7),
         "Ventetid gikk fra 41,5 til 24,2 dager og har holdt seg i 7 år"),
        (says("not_held", is_back=True), "Ventetid er tilbake der vi startet"),
        (says("not_held"), "Ventetid har mistet en del av bedringen"),
        (says("worse", years_held=2), "Ventetid gikk fra 41,5 til 24,2 dager, og er der fortsatt"),
        (says("worse"), "Ventetid gikk fra 41,5 til 24,2 dager"),
        (says("no_change", value_after=41.5), "Ventetid er som før: 41,5 og 41,5 dager"),
        (says("cannot_tell"), "Vi kan ikke si om ventetid endret seg: for usikkert"),
        (says("cannot_tell", reason_code="few_months_after", n_after=3),
         "For tidlig å si om ventetid: 3 av minst 8 måneder"),
        (says("hidden", value_before=None, value_after=None),
         "Ventetid er skjult fordi få personer står bak"),
    ],
)  # fmt: skip
def test_the_heading_is_made_by_class(row: UnitSays, told: str) -> None:
    assert unit_heading(row, "nb").replace("\u00a0", " ") == told


@pytest.mark.parametrize("language", codes())
def test_a_hidden_row_never_tells_a_figure(language: str) -> None:
    told = unit_heading(says("hidden"), language)
    assert told
    assert not any(character.isdigit() for character in told)


@pytest.mark.parametrize("verdict_class", ["better", "worse", "changed", "no_change", "not_held"])
@pytest.mark.parametrize("language", codes())
def test_every_class_has_a_heading_of_its_own_in_every_language(
    verdict_class: str, language: str
) -> None:
    told = unit_heading(says(verdict_class), language)
    assert told.startswith("Ventetid")
    assert told != unit_heading(says("hidden"), language)


def test_a_waiting_unit_tells_its_date_and_when_it_has_passed() -> None:
    until = date(2018, 12, 31)
    assert waiting_heading(date(2019, 9, 12), until, "nb").endswith("planlagt 12.09.2019")
    assert "er passert" in waiting_heading(date(2018, 9, 12), until, "nb")
    assert waiting_heading(None, until, "nb") == "Venter på Lean-start"
