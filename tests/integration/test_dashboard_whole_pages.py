"""The pages of the whole on the example: gains, rollout, pitfalls, economy; and on nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.access import EVERYONE
from dashboards.pages import PAGES
from tests.published import published
from tests.shown_pages import cells_of, copied, leader_of, opened_view, words_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.integration

ANSWER_IS_TITLE = ("gains", "rollout")
VIEWS = ("gains", "rollout", "pitfalls", "economy")
WARD = "Scope(units=('u0312',))"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., "AppTest"]:
    """Open a page over an edition, as a reader of a scope."""
    monkeypatch.setenv("PUKK_STATE", str(tmp_path))

    def run(home: Path, view: str, language: str = "nb", scope: str = "EVERYTHING") -> "AppTest":
        municipality = "nhs_england" if (home / "nhs_england").exists() else "vestre_toten"
        file = copied(home, tmp_path, municipality)
        return opened_view(file, view, language, leader_of(scope))

    return run


@pytest.mark.parametrize(
    ("view", "language", "sentence"),
    [
        ("gains", "nb", r"49,4 årsverk identifisert og 36,3 årsverk meldt realisert"),
        ("gains", "en", r"49.4 FTE are identified and 36.3 FTE are reported realised"),
        ("rollout", "nb", "45 av 70 enheter hadde gjennomført alle seks kursdager"),
        ("rollout", "en", "45 of 70 units had done all six course days"),
        ("pitfalls", "nb", "enheter har minst ett tegn til en mulig fallgruve"),
        ("pitfalls", "en", "units have at least one sign of a possible pitfall"),
        ("economy", "nb", "2018: regnskapet er"),
        ("economy", "en", "2018: accounts are"),
    ],
)
def test_the_answer_stands_in_one_sentence_at_the_top(
    example_home: Path, opened: Callable[..., "AppTest"], view: str, language: str, sentence: str
) -> None:
    page = opened(example_home, view, language)
    top = words_of(page).split("\n")[:4] if view in ANSWER_IS_TITLE else [page.markdown[0].value]
    assert sentence in "\n".join(top).replace("\\", "")
    assert page.table


def test_before_the_start_a_drawn_order_is_proposed_and_the_lock_is_shown(
    example_home: Path, opened: Callable[..., "AppTest"]
) -> None:
    page = opened(example_home, "rollout")
    said = words_of(page).replace("\\", "")
    assert "Forslag: trekk lodd om hvem som starter først, 4 puljer på inntil 6" in said
    assert said.index("pukk plan draw") < said.index("pukk plan lock")
    assert "Ingen rekkefølge gir noe å sammenligne med for: Fall per 1000 døgn" in said
    in_tables = cells_of(page).replace("\\", "")
    assert "Nye sykefravær" in in_tables
    assert "(foreslått)" in in_tables


def test_the_known_facts_stand_beside_the_curve(
    example_home: Path, opened: Callable[..., "AppTest"]
) -> None:
    page = opened(example_home, "gains")
    told = cells_of(page)
    for fact in ("8,5", "46,3", "33,1"):
        assert fact in told


def test_identified_and_realised_are_never_one_figure(
    example_home: Path, opened: Callable[..., "AppTest"]
) -> None:
    page = opened(example_home, "gains")
    ((identified, realised),) = published(
        example_home,
        "select identified_fte, realised_fte from mart_gain_totals where breakdown = 'total'"
        " order by as_of_date desc limit 1",
    )
    together = f"{identified + realised:.1f}".replace(".", ",")
    assert together not in words_of(page) + cells_of(page)
    assert [metric.value for metric in page.metric][:2] == ["49,4", "36,3"]


def test_every_signal_of_a_pitfall_is_on_the_page_with_its_figures(
    example_home: Path, opened: Callable[..., "AppTest"]
) -> None:
    told = cells_of(opened(example_home, "pitfalls")).replace("\\", "")
    rows = published(
        example_home,
        "select unit_name, said.text, note from mart_pitfalls as signals"
        " inner join mart_sentences as said on said.table_name = 'mart_pitfalls'"
        " and said.sentence = 'text' and said.language = 'nb'"
        " and said.row_key = concat_ws('/', signals.scope_type, signals.scope_id, signal_id)"
        " where signals.scope_type = 'unit' and status = 'signal'",
    )
    assert rows
    for name, text, note in rows:
        assert name in told
        assert text in told
        assert (note or "") in told


def test_a_deviation_has_its_sign_in_words(
    example_home: Path, opened: Callable[..., "AppTest"]
) -> None:
    page = opened(example_home, "economy")
    told = cells_of(page)
    for word in ("mindreforbruk", "merforbruk", "mindreinntekt", "Sykelønnsrefusjon"):
        assert word in told
    assert "base_pay" not in told


@pytest.mark.parametrize("view", VIEWS)
def test_a_unit_leader_sees_no_other_unit(
    example_home: Path, opened: Callable[..., "AppTest"], view: str
) -> None:
    page = opened(example_home, view, scope=WARD)
    told = words_of(page) + cells_of(page) + str([box.options for box in page.selectbox])
    others = published(
        example_home,
        "select unit_name from dim_units where unit_id <> 'u0312' and unit_name not in"
        " (select sector from dim_units where sector is not null)",
    )
    assert [name for (name,) in others if name in told.replace("\\", "")] == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("language", "words"), [("nb", "Ikke levert:"), ("en", "Not delivered:")])
def test_what_is_not_delivered_is_said_with_the_way_out(
    nhs_home: Path, opened: Callable[..., "AppTest"], view: str, language: str, words: str
) -> None:
    page = opened(nhs_home, view, language)
    assert page.info[0].value.startswith(words)
    assert "data_contracts/sources" in page.info[0].value
    assert not page.table


# words that are bokmål and never nynorsk
BOKMAAL = re.compile(r"\b(ikke|enheten|enhetene|enheter|hva|bare|måltallet|forbedring|uendret)\b")


@pytest.mark.parametrize("view", [*VIEWS, "overview", "status", "unit", "group", "about"])
def test_every_page_is_told_in_nynorsk(
    example_home: Path, opened: Callable[..., "AppTest"], view: str
) -> None:
    page = opened(example_home, view, "nn")
    said = words_of(page)
    assert said.strip()
    # what the municipality has written of its own events stands as it wrote it
    for (own,) in published(
        example_home, "select event_text from mart_events where event_text <> ''"
    ):
        said = said.replace(own, "")
    assert BOKMAAL.findall(said.lower()) == []


def test_the_pages_are_for_everyone_with_access() -> None:
    roles = {page.code: page.roles for page in PAGES}
    for code in ("gevinster", "utrulling", "status", "gruppe"):
        assert roles[code] == EVERYONE
