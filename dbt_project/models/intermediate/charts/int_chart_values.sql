-- The figures of every series, month by month without gaps: as measured, and with the season divided
-- out where an index exists. A month without a visible figure is a row with NULL. Before the start
-- the figures are those that were frozen.
with charted as (
    select
        series.series_id,
        months.month,
        months.month_index,
        case
            when series.series = 'comparison' then comparisons.value
            when baselines.cycle_id is not null then baselines.frozen_value
            else visible.value
        end as measured_value,
        {% for column in ['numerator', 'denominator'] %}
        case
            when series.series = 'comparison' then null
            when baselines.cycle_id is not null then baselines.frozen_{{ column }}
            else visible.{{ column }}
        end as {{ column }},
        {% endfor %}
        case
            when series.series <> 'comparison' and series.is_seasonal then seasons.season_index
        end as season_index,
        seasons.n_years as n_season_years
    from {{ ref('int_chart_series') }} as series
    inner join {{ ref('int_metric_months_visible') }} as visible
        on series.unit_id = visible.group_id
        and series.metric_id = visible.metric_id
        and visible.level = 'unit'
    inner join {{ ref('int_months') }} as months
        on visible.month = months.month
    left join {{ ref('int_baseline_months') }} as baselines
        on series.cycle_id = baselines.cycle_id and series.metric_id = baselines.metric_id
        and visible.month = baselines.month and series.series = 'value'
    left join {{ ref('int_chart_comparisons') }} as comparisons
        on series.series_id = comparisons.series_id and visible.month = comparisons.month
    left join {{ ref('int_chart_season_index') }} as seasons
        on seasons.pool_id = concat(series.service_type, '/', series.metric_id)
        and months.month_no = seasons.month_no
),

bounded as (
    select
        charted.*,
        min(case when measured_value is not null then month_index end) over (
            partition by series_id
        ) as first_index
    from charted
)

select
    series_id,
    month,
    month_index,
    measured_value,
    season_index,
    n_season_years,
    case when measured_value is not null then numerator / coalesce(season_index, 1e0) end
        as numerator,
    case when measured_value is not null then denominator end as denominator,
    measured_value / coalesce(season_index, 1e0) as value,
    measured_value is not null
    and lag(measured_value) over (partition by series_id order by month_index) is not null
        as has_month_before
from bounded
where month_index >= first_index
