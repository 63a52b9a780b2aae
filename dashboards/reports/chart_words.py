"""A control chart in words, for those who do not see it: on the page, on paper, on slides."""

from dashboards.charts.series import ControlData, kind
from dashboards.context import Context
from dashboards.reports.charted import Charted
from pipelines.words.numbers import month, quantity


def chart_alt(context: Context, found: Charted, unit_name: str) -> str:
    """Return a chart in words: metric, means, target, verdict and the rules it rests on."""
    data, phase = found.data, found.phases[0]
    rules = {
        data.labels.get(row["rule"], "")
        for row in data.points
        if kind(row, data) not in {"common_cause", "introduction"}
    }
    if data.start is None:
        words = context.t(
            "alt_waiting", metric=found.name, unit=unit_name, n=phase["n_baseline"] or 0
        )
    else:
        words = context.t(
            "alt_chart",
            metric=found.name,
            unit=unit_name,
            before=phase["n_baseline"] or 0,
            after=phase["n_after"] or 0,
            limits=_alt_means(context, data),
            verdict=found.headline["verdict"] if found.headline else "",
            rules=", ".join(sorted(rules)) or context.t("no_rules"),
        )
    return " ".join((*words.split(), _alt_last(context, data)))


def _alt_means(context: Context, data: ControlData) -> str:
    if data.before is None or data.after is None:
        return ""
    before, after = (
        quantity(mean.value, data.decimals, data.unit, context.language)
        for mean in (data.before, data.after)
    )
    return context.t("alt_means", before=before, after=after)


def _alt_last(context: Context, data: ControlData) -> str:
    last = next(row for row in reversed(data.points) if row["measured_value"] is not None)
    value = quantity(last["measured_value"], data.decimals, data.unit, context.language)
    words = context.t("alt_last", value=value, month=month(last["month"], context.language))
    if data.target is None:
        return words
    aim = quantity(data.target, data.decimals, data.unit, context.language)
    return f"{words} {context.t('alt_target', value=aim)}"
