"""What several municipalities say together, as a page and a PDF: ``python -m`` this module.

The one who pools has no edition: all that is said comes by stdin, as ``pipelines.desk.elsewhere``
writes it, and nothing else is read. The table it is made of is written by ``pukk evidence pool``.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from dashboards.charts.forest import Interval
from dashboards.charts.forest_whole import forest_drawing
from dashboards.reports.as_html import to_html
from dashboards.reports.pdf import Item, Picture, Report, ReportTable, Section, to_pdf
from dashboards.text.catalogue import t
from pipelines.desk.elsewhere import Elsewhere, Place, Told, read_told
from pipelines.desk.private_files import closed_to_others, write_for_the_user
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes
from pipelines.words.numbers import day, interval, number

DECIMALS = 1
"""Of the estimates, as in the sentences."""


def pooling_report(told: Elsewhere, language: str) -> Report:
    """Return the report on a pooling: each answer, and the packs that do not count.

    Args:
        told: The pooling.
        language: Of its words.
    """
    when = datetime.fromisoformat(told.made_at)
    refused = list(told.refused[language])
    return Report(
        language=language,
        title=t("pooling_title", language),
        subtitle=t("pooling_made", language, day=day(when, language)),
        author=t("pooling_author", language),
        footer=t("pooling_made", language, day=day(when, language)),
        notice="",
        published_at=when,
        sections=[
            *(_answer(each, language) for each in told.answers),
            Section(
                t("pooling_refused", language), refused or [t("pooling_none_refused", language)]
            ),
            Section(t("report_how", language), [t("pooling_reading", language)]),
        ],
    )


def place_name(place: Place, language: str) -> str:
    """Return what a line is called: the municipality, all together, or a new one."""
    if place.kind == "mean":
        return t("pooling_mean", language)
    if place.kind == "new":
        return t("pooling_new", language)
    return t("pooling_own", language, name=place.name) if place.is_own else place.name


def interval_of(place: Place) -> Interval:
    """Return a line as it is drawn: all together as a diamond."""
    return Interval(place.estimate, place.low, place.high, is_group=place.kind == "mean")


def _answer(told: Told, language: str) -> Section:
    names = [place_name(place, language) for place in told.places]
    pictures = []
    if told.places:
        caption = t("pooling_forest", language, metric=told.label[language])
        drawn = forest_drawing(names, [interval_of(place) for place in told.places], language)
        pictures = [Picture(drawn, " ".join([caption, *told.together[language]]), caption)]
    left_out = told.left_out[language]
    items = [Item(t("pooling_left_out", language), " ".join(left_out))] if left_out else []
    return Section(
        told.label[language],
        told.together[language],
        pictures=pictures,
        tables=[_table(told, names, language)] if told.places else [],
        items=items,
    )


def _table(told: Told, names: list[str], language: str) -> ReportTable:
    return ReportTable(
        caption=t("pooling_table", language, metric=told.label[language]),
        head=[
            t("pooling_municipality", language),
            t("estimate_alone", language),
            t("interval_95", language),
            t("pooling_distance", language),
            t("pooling_without", language),
            t("pooling_order", language),
        ],
        rows=[
            [
                name,
                number(place.estimate, DECIMALS, language, signed=True),
                interval(place.low, place.high, DECIMALS, language),
                number(place.distance, DECIMALS, language, signed=True),
                _without(place, language),
                _order(place, language),
            ]
            for name, place in zip(names, told.places, strict=True)
        ],
        right=(1, 2, 3, 4),
        widths=(5, 2, 4, 2, 5, 4),
    )


def _without(place: Place, language: str) -> str:
    if place.without is None:
        return ""
    middle, low, high = place.without
    ends = interval(low, high, DECIMALS, language)
    return f"{number(middle, DECIMALS, language, signed=True)} ({ends})"


def _order(place: Place, language: str) -> str:
    if place.kind != "municipality":
        return ""
    order = t("pooling_drawn", language) if place.is_drawn else t("pooling_chosen", language)
    return t("pooling_announced", language, order=order) if place.is_announced else order


def main() -> None:
    """Write the page and the PDF of what comes by stdin."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.reports.pooling")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--language", choices=codes(), default=DEFAULT_LANGUAGE)
    given = parser.parse_args()
    made = pooling_report(read_told(sys.stdin.read()), given.language)
    write_for_the_user(given.out.with_suffix(".html"), to_html(made).encode())
    write_for_the_user(given.out.with_suffix(".pdf"), to_pdf(made))


if __name__ == "__main__":
    with closed_to_others():
        main()
