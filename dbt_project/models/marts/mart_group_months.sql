-- Kinds of service and waves, per metric and month: sums of what their units show, so that nothing
-- follows that the units' own rows do not say. A unit that hides the metric in any month is left out.
with members as (
    select unit_id, 'service_type' as level, service_type as group_id
    from {{ ref('dim_units') }}
    where service_type is not null
    union all
    select unit_id, 'wave' as level, cast(wave as {{ type_text() }}) as group_id
    from {{ ref('dim_units') }}
    where wave is not null
),

cells as (
    select
        group_id as unit_id,
        metric_id,
        month,
        scale,
        suppression_reason,
        value,
        round(numerator, 6) as numerator,
        round(denominator, 6) as denominator
    from {{ ref('int_metric_months_visible') }}
    where level = 'unit' and has_data
),

shown as (
    select unit_id, metric_id, max(case when suppression_reason is not null then 1 else 0 end) as n_hidden
    from cells
    group by unit_id, metric_id
),

parties as (
    select
        members.level,
        members.group_id,
        shown.metric_id,
        count(case when shown.n_hidden = 0 then 1 end) as n_told,
        sum(shown.n_hidden) as n_left_out
    from members
    inner join shown
        on members.unit_id = shown.unit_id
    group by members.level, members.group_id, shown.metric_id
),

sums as (
    select
        members.level,
        members.group_id,
        cells.metric_id,
        cells.month,
        max(cells.scale) as scale,
        count(*) as n_units,
        {{ exact_sum('cells.numerator') }} as numerator,
        {{ exact_sum('cells.denominator') }} as denominator
    from members
    inner join shown
        on members.unit_id = shown.unit_id and shown.n_hidden = 0
    inner join cells
        on shown.unit_id = cells.unit_id and shown.metric_id = cells.metric_id
    where cells.value is not null
    group by members.level, members.group_id, cells.metric_id, cells.month
    having count(*) >= 2
)

select
    sums.level,
    sums.group_id,
    sums.metric_id,
    sums.month,
    round(sums.numerator, 6) as numerator,
    round(sums.denominator, 6) as denominator,
    round(sums.scale * {{ ratio('sums.numerator', 'sums.denominator') }}, 6) as value,
    cast(sums.n_units as integer) as n_units,
    cast(parties.n_left_out as integer) as n_left_out
from sums
inner join parties
    on sums.level = parties.level and sums.group_id = parties.group_id
    and sums.metric_id = parties.metric_id and parties.n_told >= 2
order by sums.level, sums.group_id, sums.metric_id, sums.month
