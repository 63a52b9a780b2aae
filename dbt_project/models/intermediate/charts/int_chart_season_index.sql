-- Season per kind of service and metric. A unit counts in a year when all twelve months are there,
-- and a year when at least two units count: never the season of one unit alone.
with unit_years as (
    select unit_id, metric_id, service_type, year
    from {{ ref('int_chart_pool_months') }}
    group by unit_id, metric_id, service_type, year
    having count(*) = 12
),

pool as (
    select
        concat(months.service_type, '/', months.metric_id) as pool_id,
        months.year,
        months.month_no,
        {{ exact_sum('months.numerator') }} as numerator,
        {{ exact_sum('months.denominator') }} as denominator
    from {{ ref('int_chart_pool_months') }} as months
    inner join unit_years
        on months.unit_id = unit_years.unit_id
        and months.metric_id = unit_years.metric_id
        and months.year = unit_years.year
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on months.metric_id = metrics.metric_id and metrics.is_seasonal
    group by months.service_type, months.metric_id, months.year, months.month_no
    having count(*) >= 2
)

{{ season_index('pool') }}
