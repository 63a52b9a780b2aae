"""The charts: what is drawn, that it can be drawn, and that no colour stands alone."""

from datetime import date

import vl_convert

from dashboards.charts.control import control_chart
from dashboards.charts.effects import Dot, bars, dots, sparkline
from dashboards.charts.export import picture, titled, with_origin
from dashboards.charts.notes import shown_events
from dashboards.charts.series import ControlData, Mean, kind, meaning
from dashboards.charts.theme import COLOURS, SHAPES

LABELS = {
    "improvement": "Tegn til forbedring",
    "concern": "Tegn til forverring",
    "common_cause": "Innenfor vanlig variasjon",
    "introduction": "Innføring",
    "shift": "sju måneder på rad på samme side",
}


def point(n: int, value: float | None, **more: object) -> dict[str, object]:
    row = {
        "month": date(2010 + n // 12, n % 12 + 1, 1),
        "phase": "baseline" if n < 12 else "after",
        "phase_no": 1,
        "measured_value": value,
        "measured_lower_3s": 5.0,
        "measured_upper_3s": 15.0,
        "is_introduction": False,
        "rule": None,
        "colour": "common_cause" if value is not None else "missing",
    }
    return row | more


def series(**more: object) -> ControlData:
    points = [point(n, None if n == 4 else 10.0 + n % 3) for n in range(12)]
    points += [point(12, 9.0, is_introduction=True)]
    points += [point(n, 7.0, colour="improvement", rule="shift") for n in range(13, 24)]
    values = {
        "start": date(2011, 1, 1),
        "target": 8.0,
        "events": ((date(2010, 6, 1), "Ny leder juni 2010"),),
    }
    return ControlData(points, 1, "pct", LABELS, **(values | more))


def layer_values(spec: dict, mark: str) -> list[list[dict]]:
    return [
        layer["data"]["values"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == mark and "data" in layer
    ]


def test_the_chart_can_be_drawn_without_a_warning_in_both_languages() -> None:
    for language, word in (("nb", "Lean-start januar 2011"), ("en", "Lean start January 2011")):
        spec = titled(control_chart(series(), language), "Funn", "Om")
        svg = picture(spec, "svg").decode()
        assert word in svg
        assert "Funn" in svg
        assert {"nb": "des 7,0", "en": "Dec 7.0"}[language] in svg


def test_a_chart_becomes_a_picture_and_a_document() -> None:
    spec = titled(control_chart(series(), "nb"), "Funn", "Om")
    png = picture(spec, "png")
    assert png.startswith(b"\x89PNG")
    # without a font that is found, the words are left out and nothing says so
    assert picture(titled(control_chart(series(), "nb"), "Et annet funn", "Om"), "png") != png
    assert picture(spec, "pdf").startswith(b"%PDF")


def test_a_missing_month_is_a_gap_in_the_line_and_no_point() -> None:
    spec = control_chart(series(), "nb")
    assert any(None in [row["y"] for row in values] for values in layer_values(spec, "line"))
    assert len(_hovered(spec)) == 23


def _hovered(spec: dict) -> list[dict]:
    (found,) = [v for v in layer_values(spec, "point") if "s" in v[0]]
    return found


def test_the_band_is_where_the_limits_come_from_and_only_its_edges_go_on() -> None:
    spec = control_chart(series(), "nb")
    (band,) = layer_values(spec, "area")
    assert (band[0]["month"], band[-1]["month"]) == ("2010-01-01", "2010-12-01")
    dashed = [layer for layer in spec["layer"] if layer["mark"].get("strokeDash") == [4, 4]]
    months = {row["month"] for layer in dashed for row in layer["data"]["values"]}
    assert (min(months), max(months)) == ("2011-01-01", "2011-12-01")


def test_a_new_basis_has_a_lighter_band_and_the_old_edges_stay() -> None:
    renewed = series()
    for row in renewed.points[18:]:
        row.update(phase_no=2, ghost_measured_lower_3s=5.0, ghost_measured_upper_3s=15.0,
                   measured_lower_3s=6.0, measured_upper_3s=8.0)  # fmt: skip
    spec = control_chart(renewed, "nb")
    bands = [layer["mark"]["opacity"] for layer in spec["layer"] if layer["mark"]["type"] == "area"]
    assert len(bands) == 2
    assert bands[1] < bands[0]
    edges = {row["y"] for layer in spec["layer"] if layer["mark"].get("strokeDash") == [4, 4]
             for row in layer["data"]["values"]}  # fmt: skip
    assert edges == {5.0, 15.0}


def test_only_a_rule_that_fired_after_the_start_colours_a_point() -> None:
    data = series()
    data.points[3].update(colour="concern", rule="outside")
    data.points[20].update(phase="later")
    data.points[21].update(phase_no=2)
    drawn = [kind(row, data) for row in data.points]
    assert drawn[3] == drawn[20] == drawn[21] == "common_cause"
    assert drawn[12] == "introduction"
    assert drawn.count("improvement") == 9
    waiting = ControlData(data.points, 1, "pct", LABELS)
    assert {kind(row, waiting) for row in data.points} == {"common_cause", "introduction"}


def test_a_point_says_in_words_which_rule_it_broke() -> None:
    data = series()
    assert meaning(data.points[-1], data) == "Tegn til forbedring: sju måneder på rad på samme side"
    assert meaning(data.points[12], data) == "Innføring"
    assert meaning(data.points[4], data) == ""
    # a rule that does not concern the question is named and not judged
    later = data.points[-1] | {"phase": "later"}
    assert meaning(later, data) == "Sju måneder på rad på samme side"


def test_the_means_are_steps_over_their_own_windows_with_the_printed_figure() -> None:
    means = {
        "before": Mean(10.96, date(2010, 1, 1), date(2010, 12, 1)),
        "after": Mean(7.0, date(2011, 2, 1), date(2011, 12, 1)),
    }
    spec = control_chart(series(**means, verdict_class="better"), "nb")
    thick = [layer for layer in spec["layer"] if layer["mark"].get("strokeWidth") == 3]
    assert [[row["y"] for row in layer["data"]["values"]] for layer in thick] == [
        [10.96, 10.96],
        [7.0, 7.0],
    ]
    told = {row["text"] for values in layer_values(spec, "text") for row in values}
    assert {"før 11,0\u00a0%", "etter 7,0\u00a0%"} <= told


def test_at_most_three_events_are_named_in_the_chart() -> None:
    many = tuple((date(2010, n, 1), f"Hendelse {n}") for n in range(1, 9))
    data = series(events=many)
    assert [name for _, name in shown_events(data)] == ["Hendelse 6", "Hendelse 7", "Hendelse 8"]
    told = {row["text"] for v in layer_values(control_chart(data, "nb"), "text") for row in v}
    assert "Hendelse 8" in told
    assert "Hendelse 1" not in told


def test_labels_at_the_edge_never_lie_on_each_other() -> None:
    spec = control_chart(series(target=7.01), "nb")
    (labels,) = [v for v in layer_values(spec, "text") if "colour" in v[0]]
    places = sorted(row["y"] for row in labels)
    assert len(places) == 2
    assert places[1] - places[0] > 0.5


def test_a_chart_has_no_legend_and_says_what_it_is_counted_in() -> None:
    spec = control_chart(series(axis="prosent av arbeidstiden"), "nb")
    assert "prosent av arbeidstiden" in str(spec)
    assert "'legend': {" not in str(spec["layer"])


def test_a_series_without_a_single_figure_can_still_be_asked_for() -> None:
    empty = point(0, None, measured_lower_3s=None, measured_upper_3s=None)
    spec = titled(control_chart(ControlData([empty], 1, "pct", LABELS), "nb"), "Funn", "Om")
    assert picture(spec, "svg")


def test_every_colour_has_a_shape_of_its_own_and_none_is_red_or_green() -> None:
    assert set(COLOURS) == set(SHAPES)
    told = {code for code in COLOURS if code not in {"introduction", "common_cause"}}
    assert len({SHAPES[code] for code in told}) == len(told)
    assert not {SHAPES[code] for code in told} & {SHAPES["common_cause"]}
    for colour in COLOURS.values():
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        assert not (green > 1.3 * max(red, blue))
        assert not (red > 3 * max(green, blue))


def test_a_picture_says_whose_it_is_and_from_which_edition() -> None:
    spec = with_origin(
        titled(control_chart(series(), "nb"), "Funn", "Om"), ["Toten. Oppdiktet", ""]
    )
    svg = picture(spec, "svg").decode()
    assert "Toten. Oppdiktet" in svg
    assert spec["title"]["subtitle"] == ["Om", "Toten. Oppdiktet"]


def test_dots_and_bars_can_be_drawn() -> None:
    dot = Dot("Gimle", -1.0, -2.0, 0.5, "cannot_tell", "−1,0")
    for spec in (
        dots([dot], "nb", zero=True),
        dots([Dot("Før", 1.0, None, None, "improved", "")], "nb", zero=False),
        bars([("Forbedret", 3, "improved")], "nb"),
    ):
        assert vl_convert.vegalite_to_svg(spec | {"width": 400}).startswith("<svg")


def test_a_sparkline_has_a_gap_where_a_month_is_missing() -> None:
    from base64 import b64decode

    line = sparkline([1.0, 2.0, None, 3.0, 1.0], 2, "Forløp")
    svg = b64decode(line.split("base64,")[1][:-1]).decode()
    assert svg.count("M") == 3  # two stretches and the line of the start
    assert sparkline([None], None, "Forløp") == ""
