"""The charts: what is drawn, that it can be drawn, and that no colour stands alone."""

from datetime import date
from itertools import pairwise

import vl_convert

from dashboards.charts.control import control_chart
from dashboards.charts.effects import Dot, bars, dots, sparkline
from dashboards.charts.export import picture, titled
from dashboards.charts.series import ControlData, meaning
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
        "value": value,
        "centre": 10.0,
        "lower_3s": 5.0,
        "upper_3s": 15.0,
        "is_introduction": False,
        "rule": None,
        "colour": "common_cause" if value is not None else "missing",
    }
    return row | more


def series(**more: object) -> ControlData:
    points = [point(n, None if n == 4 else 10.0 + n % 3) for n in range(12)]
    points += [point(12, 9.0, is_introduction=True)]
    points += [point(n, 7.0, colour="improvement", rule="shift") for n in range(13, 24)]
    values = {"start": date(2011, 1, 1), "target": 8.0, "events": ((date(2010, 6, 1), 1),)}
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
        assert {"nb": "10,0", "en": "10.0"}[language] in svg


def test_a_chart_becomes_a_picture_and_a_document() -> None:
    spec = titled(control_chart(series(), "nb"), "Funn", "Om")
    png = picture(spec, "png")
    assert png.startswith(b"\x89PNG")
    # without a font that is found, the words are left out and nothing says so
    assert picture(titled(control_chart(series(), "nb"), "Et annet funn", "Om"), "png") != png
    assert picture(spec, "pdf").startswith(b"%PDF")


def test_a_missing_month_is_a_gap_in_the_line_and_no_point() -> None:
    spec = control_chart(series(), "nb")
    assert [None] in [
        [row["y"] for row in values if row["y"] is None] for values in layer_values(spec, "line")
    ]
    (points,) = [values for values in layer_values(spec, "point") if "kind" in values[0]]
    assert len(points) == 23


def test_limits_are_solid_in_the_baseline_and_dashed_after() -> None:
    lines = [
        row for values in layer_values(control_chart(series(), "nb"), "line") for row in values
    ]
    last = {style: max(r["month"] for r in lines if r.get("style") == style)
            for style in ("solid", "dashed")}  # fmt: skip
    assert last == {"solid": "2010-12-01", "dashed": "2011-12-01"}


def test_ghost_limits_are_drawn_when_the_edition_has_them() -> None:
    plain, ghosts = series(), series()
    for row in ghosts.points:
        row.update(ghost_centre=12.0, ghost_lower_3s=None, ghost_upper_3s=None)
    layers = [len(control_chart(data, "nb")["layer"]) for data in (plain, ghosts)]
    assert layers[1] == layers[0] + 1


def test_a_point_says_in_words_which_rule_it_broke() -> None:
    rows = series().points
    assert meaning(rows[-1], LABELS) == "Tegn til forbedring: sju måneder på rad på samme side"
    assert meaning(rows[12], LABELS) == "Innføring"
    assert meaning(rows[4], LABELS) == ""


def test_labels_at_the_edge_never_lie_on_each_other() -> None:
    spec = control_chart(series(target=10.01), "nb")
    (labels,) = [v for v in layer_values(spec, "text") if "is_target" in v[0]]
    places = sorted(row["y"] for row in labels)
    assert len(places) == 4
    assert min(b - a for a, b in pairwise(places)) > 0.5


def test_a_series_without_a_single_figure_can_still_be_asked_for() -> None:
    assert control_chart(ControlData([point(0, None, centre=None, lower_3s=None, upper_3s=None)],
                                     1, "pct", LABELS), "nb")["layer"]  # fmt: skip


def test_every_colour_has_a_shape_of_its_own_and_none_is_red_or_green() -> None:
    assert set(COLOURS) == set(SHAPES)
    told = {code for code in COLOURS if code != "introduction"}
    assert len({SHAPES[code] for code in told}) == len(told)
    for colour in COLOURS.values():
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        assert not (green > 1.3 * max(red, blue))
        assert not (red > 3 * max(green, blue))


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
