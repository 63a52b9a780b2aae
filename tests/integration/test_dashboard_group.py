"""A group of units: who is in it, what is said of all of them, and what never is."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.components.group import side_by_side, units_forest
from dashboards.context import Context
from dashboards.reports.council_files import NothingToSayError, council_pptx
from dashboards.reports.group import ALL, CHOSEN, PILOTS, courses, group_metrics, groups, newest
from dashboards.reports.group_council import group_finding
from dashboards.reports.group_series import group_series, whole_years
from dashboards.reports.pooled import group_answer, pooled
from dashboards.reports.told import HIDDEN_CLASS
from tests.shown_pages import copied

pytestmark = pytest.mark.integration
METRIC = {
    "metric_id": "overtime_pct", "label": "Overtid", "decimals": 1, "unit": "pct",
    "minimum_relevant_effect": 0.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def file(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(copied(example_home, tmp_path_factory.mktemp("group")))


@pytest.fixture
def context(file: str) -> Context:
    return Context(file, "nb", LOCAL_VIEWER)


def test_every_started_unit_is_in_everyone_and_in_its_own_groups(context: Context) -> None:
    known = groups(context, ())
    columns = ("unit_id", "sector", "service_type", "wave", "lean_start_date")
    started = [row for row in context.rows("dim_units", columns) if row["lean_start_date"]]
    assert known[ALL].units == {row["unit_id"] for row in started}
    for row in started:
        for code in (
            f"sektor.{row['sector']}", f"tjeneste.{row['service_type']}", f"bolge.{row['wave']}"
        ):  # fmt: skip
            assert row["unit_id"] in known[code].units
    assert known[PILOTS].units < known[ALL].units
    names = [group.name for group in known.values()]
    assert len(set(names)) == len(names)


def test_a_group_somebody_picks_is_never_added_together(context: Context) -> None:
    everyone = groups(context, ())[ALL].units
    picked = groups(context, sorted(everyone)[:4])[CHOSEN]
    assert len(picked.units) == 4
    assert picked.pooled is None
    assert picked.level is None
    # nor when it happens to be a group that the pipeline has made
    whole = groups(context, sorted(everyone))[CHOSEN]
    assert (whole.units, whole.pooled, whole.level) == (everyone, None, None)
    said = group_answer(context, None, METRIC, "Valgte enheter", is_chosen=True)
    assert said == "Valgte enheter legges ikke sammen."


def test_a_sector_is_answered_by_its_units_and_by_what_was_pooled_for_it(
    context: Context,
) -> None:
    care = groups(context, ())["sektor.Omsorg"]
    assert care.pooled == care.level == ("sector", "Omsorg")
    rows = newest(context, care, "overtime_pct")
    assert {row["unit_id"] for row in rows} == care.units
    whole = next(
        row for row in pooled(context, *care.pooled).rows if row["metric_id"] == "overtime_pct"
    )
    drawn = units_forest(context, rows, METRIC, care, whole)
    compared = [row for row in rows if row["basis"] == "comparison"]
    assert drawn.count('scope="row"') == len(compared) + 1
    estimates = [row["estimate"] for row in rows if row["estimate"] is not None]
    assert estimates == sorted(estimates)
    side = side_by_side(context, rows, METRIC, courses(context, rows, "overtime_pct"))
    assert side.count("<img") == len(courses(context, rows, "overtime_pct")) > 10


def test_the_small_pictures_have_one_axis(context: Context) -> None:
    care = groups(context, ())["sektor.Omsorg"]
    found = courses(context, newest(context, care, "overtime_pct"), "overtime_pct")
    (axis,) = {course.axis for course in found.values()}
    values = [v for course in found.values() for v in course.values if v is not None]
    assert axis[0] <= min(values)
    assert max(values) <= axis[1]


def test_a_unit_whose_verdict_is_hidden_has_no_picture(context: Context) -> None:
    rows = newest(context, groups(context, ())[ALL], "turnover_pct")
    hidden = {row["unit_id"] for row in rows if row["verdict_class"] == HIDDEN_CLASS}
    assert hidden
    drawn = courses(context, rows, "turnover_pct")
    assert drawn
    assert not hidden & set(drawn)


def test_a_reader_of_one_unit_has_no_other_in_any_group(file: str) -> None:
    ward = Context(file, "nb", Viewer("leder", Role.UNIT_LEADER, Scope(units=("u0312",))))
    known = groups(ward, ("u0312", "u0410"))
    assert set().union(*(group.units for group in known.values())) == {"u0312"}
    assert [row["unit_id"] for row in newest(ward, known[ALL], "overtime_pct")] == ["u0312"]


@pytest.mark.parametrize(("level", "group"), [("service_type", "home_care"), ("wave", "3")])
def test_a_service_and_a_wave_have_months_that_are_sums_of_what_their_units_show(
    context: Context, level: str, group: str
) -> None:
    wanted = int(group) if level == "wave" else group
    own = {row["unit_id"] for row in context.rows("dim_units", ("unit_id",), **{level: wanted})}
    months: dict[date, list[float]] = {}
    cells = context.rows(
        "fct_metric_months",
        ("group_id", "month", "numerator", "denominator", "value", "suppression_reason"),
        level="unit", metric_id="overtime_pct", group_id=tuple(sorted(own)),
    )  # fmt: skip
    hidden = {cell["group_id"] for cell in cells if cell["suppression_reason"]}
    for cell in cells:
        if cell["group_id"] not in hidden and cell["value"] is not None:
            above, below = months.setdefault(cell["month"], [0.0, 0.0])
            months[cell["month"]] = [above + cell["numerator"], below + cell["denominator"]]
    rows = context.rows(
        "mart_group_months", ("month", "value", "n_units", "n_left_out"), level=level,
        group_id=group, metric_id="overtime_pct",
    )  # fmt: skip
    assert len(rows) == 120
    assert {row["n_left_out"] for row in rows} == {len(hidden)}
    for row in rows:
        above, below = months[row["month"]]
        assert row["value"] == pytest.approx(100 * above / below, abs=1e-5)
        assert row["n_units"] >= 2


def test_a_year_is_told_where_all_its_months_are() -> None:
    def months(year: int, n: int, value: float | None = 1.0) -> list[dict[str, object]]:
        return [
            {"month": date(year, 1 + m, 1), "value": value, "numerator": m + 1.0,
             "denominator": 10.0}
            for m in range(n)
        ]  # fmt: skip

    rows = [*months(2016, 12), *months(2017, 11), *months(2018, 12, None)]
    assert whole_years(rows, 100.0) == {2016: pytest.approx(100 * 78 / 120)}


def test_a_director_reads_what_is_pooled_for_their_own_whole_sector_and_for_no_other(
    file: str,
) -> None:
    scope = Scope(sectors=("Omsorg",))
    director = Context(file, "nb", Viewer("sjef", Role.SECTOR_DIRECTOR, scope))
    known = groups(director, ())
    assert pooled(director, "sector", "Omsorg").rows
    assert pooled(director, "service_type", "home_care").rows
    overtime = group_metrics(director)["overtime_pct"]
    assert group_series(director, known["tjeneste.home_care"], overtime)
    others = (("all", "all"), ("sector", "Helse"), ("wave", "3"), ("service_type", "therapy"))
    assert not any(pooled(director, *other).rows for other in others)
    seen = director.rows("mart_group_months", ("level", "group_id"))
    every = Context(file, "nb", LOCAL_VIEWER).rows("dim_units", ("sector", "service_type", "wave"))
    for row in seen:
        sectors = {u["sector"] for u in every if str(u[row["level"]]) == row["group_id"]}
        assert sectors == {"Omsorg"}
    assert {row["group_id"] for row in seen} >= {"home_care", "nursing_home"}
    ward = Context(file, "nb", Viewer("leder", Role.UNIT_LEADER, Scope(units=("u0312",))))
    assert not ward.rows("mart_group_months", ("level",))


def test_a_group_leaves_as_a_slide_with_what_it_does_not_prove(context: Context) -> None:
    metric = group_metrics(context)["overtime_pct"]
    found = group_finding(context, groups(context, ())["sektor.Omsorg"], metric)
    assert "For Omsorg samlet" in found.title
    assert "Konstruerte eksempeldata" in found.foot
    assert [figure.label for figure in found.figures] == [
        "I 2009",
        "I 2018",
        "Anslag, 95 % intervall",
    ]
    with ZipFile(BytesIO(council_pptx(context, [found]))) as zipped:
        slide = zipped.read("ppt/slides/slide1.xml").decode()
        assert zipped.read("ppt/media/image1.svg").startswith(b"<svg")
    for words in (found.title, found.edition, "At Lean alene er årsaken."):
        assert words in slide
    # picked units are set beside each other, and never added
    everyone = groups(context, ())[ALL].units
    picked = groups(context, sorted(everyone))[CHOSEN]
    beside = group_finding(context, picked, metric)
    assert beside.title.endswith("Valgte enheter legges ikke sammen.")
    assert beside.figures == ()
    with pytest.raises(NothingToSayError):
        group_finding(context, groups(context, ())[CHOSEN], metric)
