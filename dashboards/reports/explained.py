"""One figure back to its files, in words and tables; what is behind it comes from the desk.

A reader of some units is told of their own figure: from which files others' figures come, and what
the sources' rules found in all units, is the whole municipality's.
"""

from collections.abc import Iterator, Sequence

from dashboards.context import Context
from dashboards.reports.common import Row
from dashboards.reports.pdf import ReportTable, Section
from pipelines.desk.figure_told import BehindIt, FigureTold, RuleJudged
from pipelines.words.catalogue import find
from pipelines.words.numbers import HIDDEN, quantity

_DIGITS = 2
_PRINT = 12


def explained_sections(context: Context, told: FigureTold, metric: Row) -> list[Section]:
    """Return what is behind a figure, the figure itself first.

    Args:
        context: The frame's message.
        told: What the desk was told (``pipelines.desk.explaining``).
        metric: The metric's row of ``dim_metrics``, with unit and label.
    """
    sections = [_figure(context, told, metric), _deliveries(context, told), _rules(context, told)]
    return [*sections, _versions(context, told), _earlier(context, told, metric)]


def _figure(context: Context, told: FigureTold, metric: Row) -> Section:
    figure, parts = told.figure, told.metric
    if told.is_hidden:
        said = context.t("explain_hidden", why=_why(context, figure.suppression_reason))
    elif figure.value is None:
        said = context.t("explain_missing", why=_why(context, figure.missing_reason))
    else:
        said = context.t(
            "explain_value",
            value=quantity(figure.value, _DIGITS, metric["unit"], context.language),
            numerator=context.number(figure.numerator, _DIGITS),
            denominator=context.number(figure.denominator, _DIGITS),
        )
    minus = f" − {parts.numerator_minus}" if parts.numerator_minus else ""
    made = context.t(
        "explain_made",
        numerator=f"{parts.numerator_plus}{minus}",
        denominator=parts.denominator or context.t("explain_no_denominator"),
        scale=context.number(parts.scale),
    )
    return Section(context.t("explain_figure"), [said, made])


def _why(context: Context, code: str | None) -> str:
    found = (
        find(f"label.absent_figure.{code}", context.language)
        or find(f"reason.{code}", context.language)
        or code
        or ""
    )
    return found.rstrip(".")


def _deliveries(context: Context, told: FigureTold) -> Section:
    heading, rows = context.t("explain_deliveries"), told.deliveries
    if not told.has_warehouse:
        return Section(heading, [context.t("explain_run_goes_on")])
    if not rows:
        return Section(heading, [context.t("explain_none_told")])
    if not context.viewer.scope.is_everything:
        return Section(heading, list(_sources_counted(context, rows)))
    table = ReportTable(
        caption=context.t("explain_deliveries_caption"),
        head=[context.t("explain_delivery"), context.t("quality_file"),
              context.t("quality_source"), context.t("quality_received"),
              context.t("quality_contract"), context.t("explain_read_as"),
              context.t("quality_print"), context.t("explain_rows"),
              context.t("explain_persons")],
        rows=[
            [
                row.delivery_id,
                row.file_name,
                row.source_table,
                context.moment(row.received_at),
                row.contract_version or "",
                row.fingerprint[:_PRINT],
                (row.file_sha256 or "")[:_PRINT],
                HIDDEN if row.n_rows is None else context.number(row.n_rows),
                str(row.n_persons or ""),
            ]
            for row in rows
        ],
        right=(7, 8),
    )  # fmt: skip
    return Section(heading, [context.t("explain_counted")], tables=[table])


def _sources_counted(context: Context, rows: Sequence[BehindIt]) -> Iterator[str]:
    for source in sorted({row.source_table for row in rows}):
        mine = [row for row in rows if row.source_table == source]
        newest = max(row.received_at for row in mine)
        yield context.t(
            "explain_source_counted",
            source=source,
            n=context.number(len(mine)),
            at=context.moment(newest),
        )


def _rules(context: Context, told: FigureTold) -> Section:
    rules = told.rules
    broken = [rule for rule in rules if not rule.success]
    kept = context.t(
        "explain_rules_kept",
        kept=context.number(len(rules) - len(broken)),
        n=context.number(len(rules)),
    )
    tables = []
    outcome = {True: context.t("explain_kept"), False: context.t("explain_broken")}
    if rules and context.viewer.scope.is_everything:
        tables.append(
            ReportTable(
                caption=context.t("explain_rules_caption"),
                head=[context.t("quality_table"), context.t("quality_promise"),
                      context.t("explain_measured"), context.t("explain_outcome")],
                rows=[
                    [
                        f"{rule.contract_id}.{rule.table_name}",
                        rule.promised_nb or rule.rule_id,
                        rule.measured_nb or "",
                        outcome[bool(rule.success)],
                    ]
                    for rule in rules
                ],
            )
        )  # fmt: skip
    return Section(context.t("explain_rules"), [kept], tables=tables)


def _versions(context: Context, told: FigureTold) -> Section:
    words = [
        context.t(
            "explain_edition",
            number=told.generation,
            at=context.moment(told.published_at),
        ),
        context.t("explain_made_from", made_from=told.made_from),
        context.t("explain_versions_of", versions=", ".join(_contracts(told.rules))),
        context.t("explain_command", unit=told.unit_id, metric=told.metric_id, when=told.when),
    ]
    return Section(context.t("explain_versions"), words)


def _contracts(rules: Sequence[RuleJudged]) -> list[str]:
    return sorted({f"{rule.contract_id} {rule.contract_version}" for rule in rules})


def _earlier(context: Context, told: FigureTold, metric: Row) -> Section:
    heading, changes = context.t("explain_earlier"), told.earlier
    if told.is_hidden:
        return Section(heading, [context.t("explain_none_told")])
    if not changes:
        return Section(heading, [context.t("explain_unchanged")])
    is_whole = context.viewer.scope.is_everything
    table = ReportTable(
        caption=context.t("explain_earlier_caption"),
        head=[context.t("quality_edition"), context.t("explain_before"),
              context.t("explain_after"), context.t("explain_came")],
        rows=[
            [
                str(change.generation),
                quantity(change.value_before, _DIGITS, metric["unit"], context.language),
                quantity(change.value, _DIGITS, metric["unit"], context.language),
                _came(context, change.new_deliveries, is_whole=is_whole),
            ]
            for change in changes
        ],
        right=(1, 2),
    )  # fmt: skip
    return Section(heading, tables=[table])


def _came(context: Context, deliveries: Sequence[str], *, is_whole: bool) -> str:
    if not deliveries:
        return context.t("explain_nothing_came")
    return ", ".join(deliveries) if is_whole else context.number(len(deliveries))
