"""Every known fact about the example municipality, read back from what was published.

The numbers are the municipality's own (source ``seed``) or from named outside sources. Here they
are found again after export, ingest, SQL and publication, not copied from the configuration.
"""

from datetime import date
from pathlib import Path

import pytest

from tests.published import published, warehouse

pytestmark = pytest.mark.integration

SEED_NUMBERS = {
    "inhabitants": 13400,
    "fte": 785,
    "employees": 1100,
    "turnover_nok": 1.2e9,
    "new_jobs_2017": 270,
    "new_dwellings_2017": 153,
    "population_growth_2017": 135,
    "population_growth_pct_2017": 1.0,
    "gains_at_decision_fte": 8.5,
    "improvement_budget_nok": 2_500_000,
    "improvement_budget_fte": 3.3,
    "units_trained": 43,
    "units_total": 76,
    "gains_identified_fte": 46.3,
    "gains_realised_fte": 33.1,
    "value_stream_share_pct": 80,
    "course_days": 6,
    "leader_group": 12,
    "strategy_meeting_days": 2,
    "culture_text_blocks": 4,
}


@pytest.mark.parametrize(("fact", "value"), SEED_NUMBERS.items())
def test_a_known_number_is_published_with_its_source(
    example_home: Path, fact: str, value: float
) -> None:
    found = published(
        example_home, f"select value, source from mart_facts where fact_id = '{fact}'"
    )
    assert found == [(value, "seed")]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("municipality", "Vestre Toten"),
        ("industry_town", "Raufoss"),
        ("council_decision", "Lean i hele organisasjonen"),
        ("gain_types", "kvalitet"),
        ("gain_model", "høsten 2012"),
        ("development_unit", "utviklingsenhet"),
        ("course_principles", "verdistrøm"),
        ("course_day_1", "5S"),
        ("course_day_6", "fiskebein"),
        ("leader_boards", "tavler"),
        ("role_lean_coach", "Lean-veileder"),
        ("role_leader_forum", "lederforum"),
        ("role_research_partner", "SINTEF Raufoss Manufacturing"),
        ("quality_system", "årshjul"),
        ("culture_example", "ungdomsskole 2019"),
        ("strategy", "Lean 2.0"),
    ],
)
def test_a_known_statement_is_published(example_home: Path, fact: str, words: str) -> None:
    found = published(example_home, f"select text_value from mart_facts where fact_id = '{fact}'")
    assert len(found) == 1
    assert words.lower() in str(found[0][0]).lower()


def test_the_council_decided_on_14_june_2012_and_the_strategy_on_28_may_2019(
    example_home: Path,
) -> None:
    found = published(
        example_home,
        "select fact_id, as_of from mart_facts"
        " where fact_id in ('council_decision', 'strategy_adopted') order by 1",
    )
    assert found == [
        ("council_decision", date(2012, 6, 14)),
        ("strategy_adopted", date(2019, 5, 28)),
    ]


def test_1100_people_hold_785_fte_at_the_end_of_2017(example_home: Path) -> None:
    found = warehouse(
        example_home,
        "select count(distinct person_id), sum(position_pct) / 100 from hr.positions"
        " where employment_type <> 'hourly' and start_date <= date '2017-12-31'"
        " and coalesce(end_date, date '9999-12-31') >= date '2017-12-31'",
    )
    assert [(n, float(fte)) for n, fte in found] == [(1100, 785.0)]
    shown = published(
        example_home,
        "select numerator from fct_metric_months where metric_id = 'agreed_fte'"
        " and level = 'municipality' and month = date '2017-12-01'",
    )
    assert shown == [(785.0,)]


def test_history_is_monthly_from_2009_to_2018(example_home: Path) -> None:
    found = published(example_home, "select min(month), max(month), count(*) from dim_months")
    assert found == [(date(2009, 1, 1), date(2018, 12, 1), 120)]


def test_the_seven_pilots_come_in_their_order_in_two_waves_before_the_decision(
    example_home: Path,
) -> None:
    found = published(
        example_home,
        "select unit_name, wave, start_date, introduction_end_date from mart_cycles"
        " where is_pilot order by pilot_order",
    )
    assert [(name, wave) for name, wave, _, _ in found] == [
        ("Gimle sykehjem avd. 1", 1),
        ("Fysio-ergoterapitjenesten", 1),
        ("Gimle sykehjem avd. 5", 1),
        ("Hjemmesykepleien Raufoss", 2),
        ("Politisk saksbehandling", 2),
        ("Barnevern", 2),
        ("Teknisk drift, veg/park og renovasjon", 2),
    ]
    starts = [start for _, _, start, _ in found]
    assert starts == sorted(starts)
    assert {start.year for start in starts[:3]} == {2011}
    assert all(end < date(2012, 6, 14) for _, _, _, end in found)


@pytest.mark.parametrize(
    ("day", "trained", "total"),
    [
        ("2015-12-31", 27, 70),
        ("2016-04-30", 33, 70),
        ("2017-12-31", 43, 76),
        ("2018-12-31", 45, 70),
    ],
)
def test_units_trained_pass_through_the_known_points(
    example_home: Path, day: str, trained: int, total: int
) -> None:
    found = published(
        example_home,
        "select units_trained_ever, units_total from mart_adoption"
        f" where as_of_date = date '{day}'",
    )
    assert found == [(trained, total)]


def test_every_trained_unit_has_had_six_course_days(example_home: Path) -> None:
    found = published(
        example_home,
        "select n_course_days, count(*) from mart_cycles"
        " where cycle_no = 1 and introduction_end_date <= date '2017-12-31' group by 1",
    )
    assert found == [(6, 43)]


@pytest.mark.parametrize(
    ("day", "identified", "realised"),
    [
        ("2012-06-14", 8.5, None),
        ("2016-04-30", 33.0, 21.5),
        ("2017-02-28", 39.0, None),
        ("2017-12-31", 46.3, 33.1),
        ("2018-12-31", 49.4, 36.3),
    ],
)
def test_gains_pass_through_the_known_points(
    example_home: Path, day: str, identified: float, realised: float | None
) -> None:
    found = published(
        example_home,
        "select identified_fte, realised_fte from mart_gain_totals"
        f" where breakdown = 'total' and as_of_date = date '{day}'",
    )
    assert len(found) == 1
    assert found[0][0] == identified
    if realised is not None:
        assert found[0][1] == realised


def test_value_stream_analysis_found_80_per_cent_and_quality_weighs_most(
    example_home: Path,
) -> None:
    found = dict(
        published(
            example_home,
            "select breakdown_value, identified_fte from mart_gain_totals"
            " where as_of_date = date '2017-12-31'",
        )
    )
    assert found["verdistrømsanalyse"] == 37.0
    assert round(100 * found["verdistrømsanalyse"] / found["all"]) == 80
    assert found["quality"] > found["quantity"] > found["saving"]


def test_the_2013_budget_set_aside_two_and_a_half_million_for_the_development_unit(
    example_home: Path,
) -> None:
    found = published(
        example_home,
        "select sum(original_budget_nok) from mart_economy"
        " where year = 2013 and unit_name = 'Utviklingsenheten'",
    )
    assert found == [(2_500_000.0,)]


def test_accounts_and_budgets_balance_and_the_turnover_is_1_2_billion(example_home: Path) -> None:
    years = published(
        example_home,
        "select year, abs(round(sum(accounts_nok), 2)), abs(round(sum(original_budget_nok), 2)),"
        " abs(round(sum(revised_budget_nok), 2)) from mart_economy_totals"
        " where scope_type = 'municipality' and art_group = 'all' group by 1 order by 1",
    )
    assert years == [(year, 0.0, 0.0, 0.0) for year in range(2009, 2019)]
    ((gross,),) = warehouse(
        example_home,
        "select sum(amount_nok) from ledger.entries where year = 2017 and amount_nok > 0"
        " and amount_type = 'accounts' and account_class = '1'",
    )
    assert float(gross) == pytest.approx(1.2e9, rel=0.01)
