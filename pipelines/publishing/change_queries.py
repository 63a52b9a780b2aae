"""What is asked of two editions, kind by kind: SQL over their published tables, nothing else.

``{before}`` is the edition readers have, ``{now}`` the marts about to be published. Every question
leaves out what is hidden in either of them: a cell, series or verdict that is hidden on one side
has no row, so that no row tells of it. Why figures moved is in
``change_causes``, how the answers become a table in ``edition_changes``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.publishing.change_causes import CAUSES, DELIVERIES

SAME = 1e-5
"""A smaller difference is a rounding and no correction, as ``is_another_figure`` has it in dbt."""


@dataclass(frozen=True)
class Question:
    """One kind of news.

    Attributes:
        needs: Columns by table that the earlier edition must have; else the kind is not told.
        sql: What is new, from ``{before}``, ``{now}`` and the prepared tables.
    """

    needs: Mapping[str, tuple[str, ...]]
    sql: str


CELLS = """
create or replace temp table told_cells as
select
    coalesce(n.group_id, o.group_id) as unit_id, coalesce(n.metric_id, o.metric_id) as metric_id,
    coalesce(n.month, o.month) as month, o.value as old_value, n.value as new_value,
    case
        when o.value is null then 'new'
        when n.value is null then 'gone'
        else 'corrected'
    end as what
from (select * from {before}.fct_metric_months where level = 'unit') as o
full join (select * from {now}.fct_metric_months where level = 'unit') as n
    on o.group_id = n.group_id and o.metric_id = n.metric_id and o.month = n.month
where o.suppression_reason is null and n.suppression_reason is null
    and coalesce(abs(n.value - o.value) >= {same}, n.value is distinct from o.value)
"""
"""Months of units whose figure came, went or became another; shown, or not there, on both sides."""
SEEN = """
create or replace temp table told_seen as
select n.cycle_id, n.metric_id, n.unit_id, n.unit_name,
    o.verdict_class as old_class, n.verdict_class as new_class,
    o.headline as old_code, n.headline as new_code
from {now}.mart_headlines as n
inner join {before}.mart_headlines as o
    on n.cycle_id = o.cycle_id and n.metric_id = o.metric_id
where n.verdict_class <> 'hidden' and o.verdict_class <> 'hidden'
"""
"""Series of rounds whose conclusion both editions show: of others nothing is told."""

DEFINITION = (
    "numerator_plus", "numerator_minus", "denominator", "scale", "direction", "target_value",
    "is_seasonal", "chart", "minimum_relevant_effect", "lower_bound", "upper_bound",
)  # fmt: skip
_RULE_COLUMNS = ("effect_class", "chart_verdict", "headline", "basis")

RULES = f"""
create or replace temp table told_rules as
select n.metric_id
from {{now}}.dim_metrics as n
inner join {{before}}.dim_metrics as o on n.metric_id = o.metric_id
where row({", ".join(f"n.{name}" for name in DEFINITION)})
    is distinct from row({", ".join(f"o.{name}" for name in DEFINITION)})
union
select n.metric_id
from {{now}}.dim_metrics as n
where exists (
    (select {", ".join(_RULE_COLUMNS)} from {{now}}.dim_headline_rules
    except select {", ".join(_RULE_COLUMNS)} from {{before}}.dim_headline_rules)
    union all
    (select {", ".join(_RULE_COLUMNS)} from {{before}}.dim_headline_rules
    except select {", ".join(_RULE_COLUMNS)} from {{now}}.dim_headline_rules))
"""
"""Metrics that are defined or judged otherwise than before."""

_ROUND = ("unit_id", "start_date", "introduction_end_date", "metric_id", "target_value",
          "decision", "status")  # fmt: skip
REGISTER = f"""
create or replace temp table told_register as
select coalesce(n.unit_id, o.unit_id) as unit_id
from {{now}}.mart_cycles as n
full join {{before}}.mart_cycles as o on n.cycle_id = o.cycle_id
where row({", ".join(f"n.{name}" for name in _ROUND)})
    is distinct from row({", ".join(f"o.{name}" for name in _ROUND)})
union
select coalesce(n.unit_id, o.unit_id)
from {{now}}.mart_events as n
full join {{before}}.mart_events as o on n.event_id = o.event_id
where row(n.event_date, n.event_type, n.metric_id)
    is distinct from row(o.event_date, o.event_type, o.metric_id)
"""
"""Units whose rounds or events are registered otherwise; NULL: an event of the municipality."""

PREPARED = (CELLS, DELIVERIES, CAUSES, SEEN, RULES, REGISTER)
PREPARED_TABLES = (
    "told_cells", "told_deliveries", "told_causes", "told_seen", "told_rules", "told_register",
)  # fmt: skip
PREPARED_NEED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "fct_metric_months": ("level", "group_id", "metric_id", "month", "value", "suppression_reason"),
    "mart_deliveries": ("delivery_id", "file_sha256", "status", "contract_id", "periods"),
    "mart_headlines": ("cycle_id", "metric_id", "headline", "verdict_class"),
    "dim_metrics": ("metric_id", *DEFINITION),
    "dim_headline_rules": _RULE_COLUMNS,
    "mart_cycles": ("cycle_id", *_ROUND),
    "mart_events": ("event_id", "unit_id", "event_date", "event_type", "metric_id"),
})  # fmt: skip
"""What an edition must hold to be compared with; one that is older is told as not comparable."""

_LATEST = """
    select series_id, unit_id, metric_id, cycle_id, month, measured_value, rule, signal_side, colour
    from (
        select *, row_number() over (
            partition by series_id order by month desc, phase_no desc) as place
        from {place}.mart_control_chart_points
        where series = 'value' and phase in ('after', 'later') and measured_value is not null)
    where place = 1
"""
_HIDDEN = (
    "select 1 from {place}.fct_metric_months as h where h.level = 'unit' and h.group_id = s.unit_id"
    " and h.metric_id = s.metric_id and h.month = {month} and h.suppression_reason is not null"
)
_SIGNALS = f"""
    select s.unit_id, s.metric_id, s.cycle_id, o.month as old_month, n.month, n.signal_side,
        o.measured_value as old_value, n.measured_value as new_value, o.signal_side as old_side,
        o.rule as old_code, n.rule as new_code, coalesce(n.colour, 'common_cause') as colour
    from ({_LATEST.replace("{place}", "{now}")}) as n
    inner join ({_LATEST.replace("{place}", "{before}")}) as o on n.series_id = o.series_id
    inner join told_seen as s on n.cycle_id = s.cycle_id and n.metric_id = s.metric_id
    -- a month that one of them hides tells nothing of the other's point in it
    where not exists ({_HIDDEN.replace("{place}", "{now}").replace("{month}", "o.month")})
        and not exists ({_HIDDEN.replace("{place}", "{before}").replace("{month}", "n.month")})
"""
_POINTS = (
    "series_id", "unit_id", "metric_id", "cycle_id", "month", "phase_no", "series", "phase",
    "measured_value", "rule", "signal_side", "colour",
)  # fmt: skip
_BASELINES = """
    from {now}.mart_baselines as n
    inner join {before}.mart_baselines as o
        on n.cycle_id = o.cycle_id and n.metric_id = o.metric_id
    inner join told_seen as s on n.cycle_id = s.cycle_id and n.metric_id = s.metric_id
    where n.value is not null and o.value is not null
"""
_FROZEN = (
    "cycle_id", "metric_id", "value", "baseline_hash", "is_restated", "restated_value",
    "is_verdict_changed",
)  # fmt: skip
_PITFALLS = """
    select n.scope_id as unit_id, n.signal_id as item_id, n.pitfall_no as n,
        o.status as old_code, n.status as new_code
    from {now}.mart_pitfalls as n
    inner join {before}.mart_pitfalls as o
        on n.scope_type = o.scope_type and n.scope_id = o.scope_id and n.signal_id = o.signal_id
    where n.scope_type = 'unit'
"""
_SEEN_PITFALL = {"mart_pitfalls": ("scope_type", "scope_id", "signal_id", "status")}
_POOLED = (
    "metric_id", "group_type", "group_id", "kind", "first_month_after", "last_month_after",
    "verdict_class",
)  # fmt: skip

QUESTIONS: Mapping[str, Question] = MappingProxyType({
    "verdict": Question({}, """
        select unit_id, metric_id, cycle_id, old_class, new_class, old_code, new_code
        from told_seen where old_class <> new_class"""),
    "pooled": Question({"mart_effects_pooled": _POOLED}, """
        select group_type as scope_type, group_id as scope_id, metric_id,
            o.verdict_class as old_class, n.verdict_class as new_class
        from {now}.mart_effects_pooled as n join {before}.mart_effects_pooled as o
            using (metric_id, group_type, group_id, kind, first_month_after, last_month_after)
        where kind = 'window' and first_month_after = 0 and last_month_after = 23
            and 'hidden' not in (n.verdict_class, o.verdict_class)
            and n.verdict_class <> o.verdict_class"""),
    "figure_corrected": Question({}, """
        select unit_id, metric_id, count(*) as n, max(month) as month,
            arg_max(old_value, month) as old_value, arg_max(new_value, month) as new_value
        from told_cells where what = 'corrected' group by unit_id, metric_id"""),
    "figure_gone": Question({}, """
        select unit_id, metric_id, count(*) as n, max(month) as month,
            arg_max(old_value, month) as old_value
        from told_cells where what = 'gone' group by unit_id, metric_id"""),
    "baseline_restated": Question({"mart_baselines": _FROZEN}, f"""
        select n.unit_id, n.metric_id, n.cycle_id, n.value as old_value,
            n.restated_value as new_value {_BASELINES}
            and n.is_restated and n.restated_value is not null
            and (not o.is_restated or coalesce(abs(n.restated_value - o.restated_value), 1)
                >= {SAME})"""),
    "baseline_corrected": Question({"mart_baselines": _FROZEN}, f"""
        select n.unit_id, n.metric_id, n.cycle_id, o.value as old_value,
            n.value as new_value {_BASELINES} and n.baseline_hash <> o.baseline_hash"""),
    "signal_new": Question({"mart_control_chart_points": _POINTS}, f"""
        select unit_id, metric_id, cycle_id, old_month, month, old_value, new_value, old_code,
            new_code, colour from ({_SIGNALS})
        where new_code is not null and (old_code is null or old_side <> signal_side)"""),
    "signal_gone": Question({"mart_control_chart_points": _POINTS}, f"""
        select unit_id, metric_id, cycle_id, old_month, month, old_value, new_value, old_code,
            new_code, colour from ({_SIGNALS})
        where new_code is null and old_code is not null"""),
    "pitfall_new": Question(_SEEN_PITFALL, f"""
        select * from ({_PITFALLS}) where old_code = 'no_signal' and new_code = 'signal'"""),
    "pitfall_gone": Question(_SEEN_PITFALL, f"""
        select * from ({_PITFALLS}) where old_code = 'signal' and new_code = 'no_signal'"""),
    "lean_status": Question({"dim_units": ("unit_id", "lean_status")}, """
        select n.unit_id, o.lean_status as old_code, n.lean_status as new_code
        from {now}.dim_units as n inner join {before}.dim_units as o on n.unit_id = o.unit_id
        where n.lean_status is distinct from o.lean_status"""),
    "series_new": Question({}, """
        select n.unit_id, n.metric_id, n.cycle_id, n.verdict_class as new_class,
            n.headline as new_code
        from {now}.mart_headlines as n
        anti join {before}.mart_headlines as o
            on n.cycle_id = o.cycle_id and n.metric_id = o.metric_id
        where n.verdict_class <> 'hidden'"""),
    "series_gone": Question({}, """
        select o.unit_id, o.metric_id, o.cycle_id, o.verdict_class as old_class,
            o.headline as old_code
        from {before}.mart_headlines as o
        anti join {now}.mart_headlines as n
            on n.cycle_id = o.cycle_id and n.metric_id = o.metric_id
        where o.verdict_class <> 'hidden'"""),
    "verdict_reason": Question({}, """
        select unit_id, metric_id, cycle_id, old_class, new_class, old_code, new_code
        from told_seen where old_class = new_class and old_code <> new_code"""),
    "figure_new": Question({}, """
        select c.unit_id, c.metric_id, count(*) as n, max(c.month) as month,
            arg_max(c.new_value, c.month) as new_value, any_value(o.month) as old_month,
            any_value(o.value) as old_value
        from told_cells as c
        left join (
            select group_id, metric_id, max(month) as month, arg_max(p.value, month) as value
            from {before}.fct_metric_months as p
            inner join {now}.fct_metric_months as k using (level, group_id, metric_id, month)
            where level = 'unit' and p.value is not null and k.suppression_reason is null
            group by group_id, metric_id
        ) as o on c.unit_id = o.group_id and c.metric_id = o.metric_id
        where c.what = 'new' group by c.unit_id, c.metric_id"""),
    "rule": Question({}, """
        select 'metric' as scope_type, metric_id as scope_id, metric_id from told_rules"""),
    "delivery": Question({}, """
        select 'municipality' as scope_type, 'all' as scope_id, delivery_id as item_id,
            old_status as old_code, new_status as new_code, rows_loaded as n
        from told_deliveries"""),
})  # fmt: skip
"""Every kind of news by its code, by consequence: what changes a conclusion comes first."""
