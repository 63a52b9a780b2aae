-- What is charted: each unit and metric with any visible figure, once per cycle with a start; units
-- without a start once, as a whole. Started units also get a comparison: unit minus the rest. Where
-- the frozen baseline has another figure today, a series shows what it would have said. What a unit
-- shows per year has no chart.
with visible as (
    select distinct group_id as unit_id, metric_id
    from {{ ref('int_metric_months_visible') }}
    where level = 'unit' and value is not null
),

kinds as (
    select
        visible.unit_id,
        visible.metric_id,
        windows.cycle_id,
        windows.start_index,
        windows.end_index,
        'value' as series
    from visible
    left join {{ ref('int_phase_windows') }} as windows
        on visible.unit_id = windows.unit_id and visible.metric_id = windows.metric_id
    union all
    select unit_id, metric_id, cycle_id, start_index, end_index, 'comparison' as series
    from {{ ref('int_phase_windows') }}
    where not is_yearly
    union all
    select
        windows.unit_id,
        windows.metric_id,
        windows.cycle_id,
        windows.start_index,
        windows.end_index,
        'restated' as series
    from {{ ref('int_phase_windows') }} as windows
    inner join {{ ref('int_baseline_sums') }} as sums
        on windows.cycle_id = sums.cycle_id and windows.metric_id = sums.metric_id
        and sums.n_restated > 0
)

select
    concat(
        kinds.unit_id, '/', kinds.metric_id, '/', coalesce(kinds.cycle_id, '-'), '/', kinds.series
    ) as series_id,
    kinds.unit_id,
    kinds.metric_id,
    kinds.cycle_id,
    kinds.series,
    kinds.start_index,
    kinds.end_index,
    units.service_type,
    metrics.scale,
    metrics.is_seasonal,
    metrics.is_cost_linked,
    metrics.has_denominator,
    metrics.chart,
    {{ better_side('metrics.direction') }} as better_side,
    case when kinds.series <> 'comparison' then metrics.target_value end as target_value,
    case when kinds.series <> 'comparison' then metrics.lower_bound end as lower_bound,
    case when kinds.series <> 'comparison' then metrics.upper_bound end as upper_bound
from kinds
inner join {{ ref('stg_organisation__units') }} as units
    on kinds.unit_id = units.unit_id
inner join (
    select
        catalogue.metric_id,
        catalogue.scale,
        catalogue.is_seasonal,
        catalogue.is_cost_linked,
        catalogue.chart,
        catalogue.direction,
        catalogue.target_value,
        catalogue.lower_bound,
        catalogue.upper_bound,
        derived.has_denominator
    from {{ ref('stg_municipality__metrics') }} as catalogue
    inner join {{ ref('int_metrics') }} as derived
        on catalogue.metric_id = derived.metric_id
) as metrics
    on kinds.metric_id = metrics.metric_id
