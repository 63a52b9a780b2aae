"""The matrix of units and metrics: every measurement once, in words, on paper and in files."""

import io
import re
from pathlib import Path

import pikepdf
import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.components import matrix
from dashboards.context import Context
from dashboards.reports.council_files import municipality_findings
from dashboards.reports.make import make_status_report
from dashboards.reports.shown import STANDS_OUT, shown
from dashboards.reports.status import BY_SECTOR, BY_START, BY_TALK, as_file, parts_of, signals
from pipelines.desk.access_log import entries
from pipelines.desk.logged import Reader
from pipelines.words.verdict_class import CLASSES
from tests.shown_pages import copied

pytestmark = pytest.mark.integration
LINK = re.compile(r'<a class="v ([a-z_]+)[^"]*" href="([^"]+)" aria-label="([^"]+)"([^>]*)>')
WARD = Viewer("leder@example.no", Role.UNIT_LEADER, Scope(units=("u0312",)))


@pytest.fixture(scope="module")
def file(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(copied(example_home, tmp_path_factory.mktemp("status")))


def drawn(context: Context, **chosen: str | None) -> str:
    found = shown(context)
    asked = {"sector": None, "order": BY_SECTOR, "verdict_class": None} | chosen
    return matrix.table(context, found, parts_of(context, found, **asked), signals(context))


def test_every_measurement_of_the_set_is_a_link_in_words_and_none_is_there_twice(file: str) -> None:
    context = Context(file, "nb", LOCAL_VIEWER)
    found, cells = shown(context), LINK.findall(drawn(context))
    assert len(cells) == len(found.rows) == len({address for _, address, _, _ in cells}) > 400
    for verdict_class, _, words, more in cells:
        # what stands out is a stop of the keyboard and has a card, the rest is neither
        assert ("data-card" in more) == (verdict_class in STANDS_OUT)
        assert ('tabindex="-1"' in more) == (verdict_class not in STANDS_OUT)
        if verdict_class == "hidden":
            assert not re.search(r"\d,\d", words)
    assert sum(found.counts.values()) == len(cells)


def test_a_unit_is_there_by_its_newest_round_and_no_metric_from_two_sides(file: str) -> None:
    context = Context(file, "nb", LOCAL_VIEWER)
    found = shown(context)
    rounds = {}
    for row in context.rows("mart_headlines", ("unit_id", "cycle_no")):
        rounds[row["unit_id"]] = max(rounds.get(row["unit_id"], 0), row["cycle_no"])
    assert {(row["unit_id"], row["cycle_no"]) for row in found.rows} == set(rounds.items())
    assert not any(row["is_twin"] for row in found.rows)
    assert "runde 2" in drawn(context)
    # the council is told of the same set, so of no metric from two sides either; a page is of a
    # chart by month, which a part of another metric has for no unit
    told = [row for row in found.rows if row["verdict_class"] in {"better", "not_held", "worse"}]
    charted = [row for row in told if not found.metric(row)["split_of"]]
    assert 0 < len(told) - len(charted) < len(municipality_findings(context)) == len(charted)


@pytest.mark.parametrize("order", [BY_SECTOR, BY_TALK, BY_START])
def test_filters_and_orders_lose_no_unit_they_do_not_name(file: str, order: str) -> None:
    context = Context(file, "en", LOCAL_VIEWER)
    found = shown(context)
    everyone = parts_of(context, found, sector=None, order=order, verdict_class=None)
    assert sum(len(part.units) for part in everyone) == len(found.units) == 47
    for code in CLASSES:
        parts = parts_of(context, found, sector=None, order=order, verdict_class=code)
        kept = {unit for part in parts for unit in part.units}
        assert kept == {row["unit_id"] for row in found.rows if row["verdict_class"] == code}
    (care,) = parts_of(context, found, sector="Omsorg", order=BY_SECTOR, verdict_class=None)
    starts = [rows[0]["start_date"] for rows in care.units.values()]
    assert starts == sorted(starts)
    assert care.waiting


def test_the_file_holds_what_the_table_holds(file: str) -> None:
    context = Context(file, "nb", LOCAL_VIEWER)
    found = shown(context)
    headings, rows = as_file(context, found)
    assert len(headings) == len(set(headings)) == 3 + len(found.common) + len(found.own)
    assert len(rows) == len(found.units)
    cells = [cell for row in rows for cell in row[3:] if cell is not None]
    assert len(cells) == len(found.rows)
    assert "Bedre*, sammenlignet: 3,1 til 1,8\u00a0%" in cells


def test_the_pdf_is_one_tagged_page_on_its_side_and_is_in_the_log(
    file: str, tmp_path: Path
) -> None:
    who = Reader("sjef@example.no", "kommunedirektor")
    content = make_status_report(Context(file, "nb", LOCAL_VIEWER), tmp_path, who)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (page,) = pdf.pages
        _, _, width, height = (float(side) for side in page.mediabox)
        assert width > height
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
    assert [entry["subject"] for entry in entries(tmp_path)] == ["status"]


def test_a_reader_of_one_unit_is_given_that_unit(file: str) -> None:
    context = Context(file, "nb", WARD)
    assert set(shown(context).units) == {"u0312"}
    text = drawn(context)
    others = [row["unit_name"] for row in Context(file, "nb", LOCAL_VIEWER).rows(
        "dim_units", ("unit_id", "unit_name")) if row["unit_id"] != "u0312"]  # fmt: skip
    assert [name for name in others if f">{name}<" in text] == []


def test_a_name_of_a_unit_is_never_markup(file: str) -> None:
    context = Context(file, "nb", LOCAL_VIEWER)
    found = shown(context)
    row = found.rows[0] | {"unit_name": '<img src=x onerror="a()">'}
    (part,) = parts_of(context, found, sector=None, order=BY_TALK, verdict_class=None)
    one = type(part)("<b>", {row["unit_id"]: [row]}, [("u1", "<i>")])
    text = matrix.table(context, found, [one], {row["unit_id"]: 2})
    text += matrix.phone(context, found, [one])
    assert not re.search(r"<(img|b|i)>|<img", text)
