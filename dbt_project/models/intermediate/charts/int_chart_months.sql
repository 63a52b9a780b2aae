-- The points of every series with the part they play. Limits come from the last months before the
-- start, never from the first of the chart and never moved by what comes later; the introduction is
-- hollow and in neither period; older months are drawn, not judged. Without a start the newest months
-- with a figure are their own baseline. A short one, or few months in a row, makes a run chart.
with placed as (
    select
        series.series_id,
        chart_values.month,
        chart_values.month_index as seq,
        series.scale,
        chart_values.numerator,
        chart_values.denominator,
        chart_values.value,
        chart_values.measured_value,
        chart_values.has_month_before,
        series.better_side,
        series.target_value,
        series.lower_bound,
        series.upper_bound,
        series.chart,
        series.series,
        series.has_denominator,
        series.series <> 'comparison' and series.is_seasonal and chart_values.season_index is null
            as only_outside,
        max(case when chart_values.value is not null then chart_values.month_index end)
            over (partition by series.series_id) as last_index,
        series.start_index,
        series.end_index
    from {{ ref('int_chart_series') }} as series
    inner join {{ ref('int_chart_values') }} as chart_values
        on series.series_id = chart_values.series_id
),

phased as (
    select
        placed.*,
        {{ chart_phase('seq', 'start_index', 'end_index', 'last_index') }} as phase
    from placed
),

counted as (
    select
        phased.*,
        count(case when phase in ('whole', 'baseline') then value end)
            over (partition by series_id) as n_baseline,
        count(case when phase in ('whole', 'baseline') and has_month_before then value end)
            over (partition by series_id) as n_pairs,
        min(value) over (partition by series_id) as least_value
    from phased
)

select
    series_id,
    cast(1 as integer) as phase_no,
    cast(seq as integer) as seq,
    month,
    phase,
    case
        when n_baseline < {{ chart_settings().least_baseline }} or chart = 'run' then 'run'
        when n_pairs < {{ chart_settings().least_pairs }} and chart <> 'g' then 'run'
        when series = 'comparison' then 'xmr'
        when chart = 'iprime' and not has_denominator then 'xmr'
        when chart in ('g', 't') and least_value < 0 then 'xmr'
        when least_value = 0 and chart = 't' then 'g'
        else chart
    end as chart,
    scale,
    numerator,
    denominator,
    value,
    measured_value,
    phase in ('whole', 'baseline') as is_baseline,
    phase = 'after' as is_after,
    phase in ('whole', 'baseline', 'after', 'later') as is_counted,
    only_outside,
    better_side,
    target_value,
    lower_bound,
    upper_bound
from counted
