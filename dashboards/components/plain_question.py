"""A question asked without SQL: which units were over or under a figure in a year.

The answer is the desk's, as for any question: the form only writes the question, which the reader
sees and may go on from.
"""

import streamlit as st

from dashboards.components.told_apart import told_apart
from dashboards.context import Context

_QUESTION = """select
    u.unit_id,
    u.unit_name,
    round(m.scale * sum(f.numerator) / nullif(sum(f.denominator), 0), m.decimals) as year_value
from fct_metric_months as f
inner join dim_units as u on u.unit_id = f.group_id
inner join dim_metrics as m on m.metric_id = f.metric_id
where
    f.level = 'unit'
    and f.metric_id = '{metric}'
    and extract(year from f.month) = {year}
group by u.unit_id, u.unit_name, m.scale, m.decimals
having
    count(f.value) = 12
    and m.scale * sum(f.numerator) / nullif(sum(f.denominator), 0) {side} {limit}
order by year_value {order}, u.unit_name, u.unit_id
"""
_OVER, _UNDER = ">", "<"
_FIRST = "sick_leave_pct"
_LIMIT = 10.0


def plain_question(context: Context) -> str | None:
    """Draw the form, and return the question in SQL when it has just been sent."""
    label = context.column("label")
    rows = context.rows("dim_metrics", ("metric_id", label), order_by=("metric_order",))
    metrics = told_apart({row["metric_id"]: str(row[label]) for row in rows})
    (who,) = context.rows("mart_municipality", ("first_month", "last_month"))
    if not metrics or who["first_month"] is None:
        return None
    years = list(range(who["last_month"].year, who["first_month"].year - 1, -1))
    codes = list(metrics)
    st.markdown(f"**{context.t('plain_ask')}**")
    with st.form("plain_question", border=False):
        places = st.columns([4, 2, 2, 2, 2], vertical_alignment="bottom")
        metric = places[0].selectbox(
            context.t("metric"), codes, format_func=metrics.__getitem__,
            index=codes.index(_FIRST) if _FIRST in metrics else 0,
        )  # fmt: skip
        sides = {_OVER: context.t("plain_over"), _UNDER: context.t("plain_under")}
        side = places[1].selectbox(
            context.t("plain_side"), list(sides), format_func=sides.__getitem__
        )
        limit = places[2].number_input(
            context.t("plain_limit"), value=_LIMIT, step=1.0, format="%g"
        )
        year = places[3].selectbox(context.t("year"), years)
        is_sent = places[4].form_submit_button(context.t("plain_show"), type="primary")
    st.caption(context.t("plain_words"))
    if not is_sent:
        return None
    return question_of(metric, year, side, float(limit))


def question_of(metric: str, year: int, side: str, limit: float) -> str:
    """Return the question in SQL: a row for each unit, also where two have one name.

    Args:
        metric: The metric's id.
        year: Only units with a figure in all its months are answered for.
        side: ``>`` or ``<``.
        limit: What the year's figure is held against, in the metric's own measure.
    """
    order = "desc" if side == _OVER else "asc"
    return _QUESTION.format(metric=metric, year=year, side=side, limit=limit, order=order)
