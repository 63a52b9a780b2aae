"""Findings as files: PDF/UA-1 on its side, and slides. What stands in them is in ``council``."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.council import Finding, finding_of
from dashboards.reports.figures import on_paper
from dashboards.reports.pdf import compiled
from dashboards.reports.shown import shown
from dashboards.reports.slides import to_pptx
from dashboards.reports.told import Row
from dashboards.reports.unit_page import unit_page
from pipelines.words.catalogue import text

_TEMPLATE = Path(__file__).with_name("council.typ")
_TOLD = frozenset({"better", "not_held", "worse"})


class NothingToSayError(PermissionError):
    """There is no finding to make a page of: hidden, not started, or not the reader's."""


def unit_findings(
    context: Context, unit_id: str, metric_ids: Sequence[str] | None = None
) -> list[Finding]:
    """Return a page for each of a unit's metrics.

    Args:
        context: Generation, language and reader; only the reader's rows.
        unit_id: The unit.
        metric_ids: Which metrics; without it, the headline metrics that are not hidden.
    """
    unit = _unit(context, unit_id)
    page = unit_page(context, unit)
    own = [m for m in page.in_order() if page.metrics[m]["is_headline"]]
    wanted = own if metric_ids is None else metric_ids
    pages = (finding_of(context, page, metric) for metric in wanted if metric in page.metrics)
    return [each for each in pages if each is not None]


def municipality_findings(context: Context) -> list[Finding]:
    """Return a page for each of the shown metrics that became better, got worse, or did not hold.

    The set is that of the pages: what is another metric seen from the other side is not told twice.
    A page is of a chart by month; a part of another metric has none for a unit, and is told on the
    unit's own page alone.
    """
    told = sorted(
        (row for row in shown(context).rows if row["verdict_class"] in _TOLD),
        key=lambda row: int(row["talk_order"]),
    )
    pages = {
        unit_id: unit_page(context, _unit(context, unit_id))
        for unit_id in {row["unit_id"] for row in told}
    }
    found = (finding_of(context, pages[row["unit_id"]], row["metric_id"]) for row in told)
    return [each for each in found if each is not None]


def _unit(context: Context, unit_id: str) -> Row:
    columns = ("unit_id", "unit_name", "sector", "lean_status", "lean_start_date")
    found = context.rows("dim_units", columns, unit_id=unit_id)
    if not found:
        raise NothingToSayError(unit_id)
    return found[-1]


def council_pdf(context: Context, findings: Sequence[Finding]) -> bytes:
    """Return the findings as PDF/UA-1, one a page.

    Raises:
        NothingToSayError: There are none.
    """
    author, when = _edition(context, findings)
    content = {
        "title": _title(context, findings),
        "heading": context.t("council"),
        "author": author,
        "lang": context.language,
        "region": text("language.region", context.language).lower(),
        "findings": [
            {
                "title": each.title,
                "where": each.where,
                "svg": on_paper(each.spec),
                "alt": each.alt,
                "figures": [
                    {"label": row.label, "value": row.value, "parts": row.parts}
                    for row in each.figures
                ],
                "verdict": each.verdict,
                "verdict_class": each.verdict_class,
                "sentence": each.sentence,
                "not_shown_heading": each.not_shown_heading,
                "not_shown": list(each.not_shown),
                "foot": each.foot,
                "edition": each.edition,
            }
            for each in findings
        ],
    }
    return compiled(_TEMPLATE, content, when)


def council_pptx(context: Context, findings: Sequence[Finding]) -> bytes:
    """Return the findings as slides; errors as :func:`council_pdf`."""
    author, when = _edition(context, findings)
    region = text("language.region", context.language).upper()
    return to_pptx(
        findings,
        title=_title(context, findings),
        author=author,
        language=f"{context.language}-{region}",
        published_at=when,
    )


def _title(context: Context, findings: Sequence[Finding]) -> str:
    if len(findings) == 1:
        return findings[0].title
    return context.t("council")


def _edition(context: Context, findings: Sequence[Finding]) -> tuple[str, datetime]:
    if not findings:
        raise NothingToSayError
    (who,) = context.rows("mart_municipality", ("name",))
    published = description(context.generation).get("published_at")
    when = datetime.fromisoformat(published) if published else datetime(2000, 1, 1, tzinfo=UTC)
    return str(who["name"]), when
