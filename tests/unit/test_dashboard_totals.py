"""Lines, marks and deviations: what is drawn, that it can be drawn, that no colour stands alone."""

from datetime import date

import pytest

from dashboards.charts.effects import bars
from dashboards.charts.export import picture, titled
from dashboards.charts.theme import CONCERN, IMPROVEMENT
from dashboards.charts.totals import Line, deviations, lines, side_by_side

DAYS = [date(2011 + n, 12, 31) for n in range(4)]
NAMES = ("Identifisert", "Realisert", "Tredje", "Fjerde")


def drawn() -> dict:
    rows = [
        Line(name, [(day, None if n == 1 else 2.5 * n) for n, day in enumerate(DAYS)],
             [(DAYS[2], 46.3)])
        for name in NAMES
    ]  # fmt: skip
    return lines(rows, "nb", decimals=1)


def ranges(spec: dict) -> list[tuple[str, list]]:
    return [
        (channel, layer["encoding"][channel]["scale"]["range"])
        for group in spec["layer"]
        for layer in group.get("layer", [group])
        for channel in ("color", "shape", "strokeDash")
        if "scale" in layer["encoding"].get(channel, {})
    ]


@pytest.mark.parametrize(
    "spec", [drawn(), side_by_side(NAMES, [("2011", (1.0, 2.0, None, 4.0))], "nb")]
)
def test_each_series_has_a_look_of_its_own_beside_its_colour(spec: dict) -> None:
    found = ranges(spec)
    assert {channel for channel, _ in found} >= {"color", "shape"}
    for channel, looks in found:
        assert len({str(look) for look in looks}) == len(NAMES), channel


def test_neither_the_colour_of_better_nor_of_worse_is_used() -> None:
    rows = [("2011", -2e6, "\u22122,0 merforbruk"), ("2012", 1e6, "+1,0 mindreforbruk")]
    for spec in (drawn(), deviations(rows, "nb")):
        assert IMPROVEMENT not in str(spec)
        assert CONCERN not in str(spec)


def test_a_fact_is_a_point_with_its_figure_and_a_missing_month_a_gap() -> None:
    svg = picture(titled(drawn(), "Funn", "Om"), "svg").decode()
    assert "46,3" in svg
    values = drawn()["layer"][0]["data"]["values"]
    assert [row["y"] for row in values if row["day"] == "2012-12-31"] == [None] * len(NAMES)


def test_a_deviation_is_told_in_words_on_both_sides() -> None:
    rows = [("2011", -2e6, "\u22122,0 merforbruk"), ("2012", 1e6, "+1,0 mindreforbruk")]
    svg = picture(titled(deviations(rows, "nb"), "Funn", "Om"), "svg").decode()
    for text in ("\u22122,0", "merforbruk", "+1,0", "mindreforbruk"):
        assert f">{text}<" in svg


def test_a_missing_figure_has_no_mark() -> None:
    spec = side_by_side(NAMES[:2], [("2011", (1.0, None)), ("2012", (0.0, 2.0))], "nb")
    assert [row["text"] for row in spec["layer"][0]["data"]["values"]] == ["1", "0", "2"]


def test_a_long_name_is_written_whole_on_several_lines() -> None:
    name = "3. For dårlig rekruttering av Lean-veiledere og for lite kompetanse"
    spec = bars([(name, 3, ""), ("Kort", 1, "")], "nb")
    svg = picture(titled(spec, "Funn", "Om"), "svg").decode()
    for word in name.split():
        assert word in svg
    assert "\u2026" not in svg
