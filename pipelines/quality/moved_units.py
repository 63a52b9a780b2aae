"""The promise that a hidden unit's past has not been sent to another unit.

What a hidden unit counts as stays in the totals when the sources no longer have it. Where its staff
turn up in another unit for the same months (its code was sent there, a merger without a date), they
would count twice; and the other unit's figures, less those of the edition before, would be the
hidden unit's.
"""

from pipelines.quality.operational import OperationalCheck
from pipelines.words.messages import say

# a unit of which nothing is left in a month, and at least half of what it was measured against is
# found as more than before in the other units of the same metric and month. All units are counted:
# how many are hidden is known from the second night on, and a night with nothing new is the same
_MOVED = f"""
with months as (
    select
        kept.unit_id, kept.metric_id, kept.month, now.has_data, kept.is_frozen,
        kept.denominator as before,
        case when now.has_data then now.denominator else 0 end as after
    from intermediate.int_kept_unit_months as kept
    inner join intermediate.int_metric_months as now
        on kept.unit_id = now.unit_id and kept.metric_id = now.metric_id
        and kept.month = now.month
    inner join intermediate.int_metrics as metrics
        on kept.metric_id = metrics.metric_id
    where metrics.has_denominator and not kept.is_late
),
gone as (
    select metric_id, month, sum(before) as gone
    from months
    where is_frozen and not has_data and before > 0
    group by metric_id, month
),
risen as (
    select metric_id, month, sum(greatest(after - before, 0)) as risen
    from months
    where has_data
    group by metric_id, month
),
moved as (
    select
        months.unit_id,
        min(months.month) as first_month,
        max(months.month) as last_month
    from months
    inner join gone on months.metric_id = gone.metric_id and months.month = gone.month
    inner join risen on months.metric_id = risen.metric_id and months.month = risen.month
    where months.is_frozen and not months.has_data and months.before > 0
        and risen.risen >= gone.gone / 2
    group by months.unit_id
)
select case when moved.unit_id is not null then
           units.unit_id || ', ' || strftime(moved.first_month, '%Y-%m') || '–'
           || strftime(moved.last_month, '%Y-%m') || ': {say("quality.moved_units.is_elsewhere")}'
       end as problem
from (select distinct unit_id from intermediate.int_metric_months) as units
left join moved on units.unit_id = moved.unit_id
order by problem nulls last
"""

MOVED_UNITS = OperationalCheck(
    "hidden_units_stay_where_they_were",
    "fct_metric_months",
    "error",
    say("quality.moved_units.promise"),
    "enheter",
    _MOVED,
    names_problems=True,
)
