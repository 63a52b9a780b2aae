{{ config(materialized='view') }}
-- Windows of what a unit shows per year: the last whole calendar years before the introduction's first
-- month and as many after its last, two where they can be shown, else one. A window is then a sum of
-- published years, and no later one gives a month away. Without enough years n_years is NULL.
with years as (
    select
        group_id as unit_id,
        metric_id,
        year,
        case when suppression_reason is null and value is not null then 1 else 0 end as n_shown
    from {{ ref('int_metric_years_visible') }}
    where level = 'unit' and n_months = 12
),

lengths as (
    {% for column in ['window_long_months', 'window_short_months'] %}
    select greatest(cast(floor({{ column }} / 12) as integer), 1) as n_years
    from {{ ref('stg_municipality__profile') }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

ranges as (
    select
        cycle_id,
        unit_id,
        metric_id,
        cast(extract(year from introduction_first_month) as integer) as start_year,
        cast(extract(year from introduction_last_month) as integer) as end_year
    from {{ ref('int_phase_ranges') }}
    where metric_id in (select years.metric_id from years)
),

candidates as (
    select
        ranges.cycle_id,
        ranges.metric_id,
        ranges.start_year,
        ranges.end_year,
        lengths.n_years,
        count(case when years.year < ranges.start_year then 1 end) as n_before,
        count(case when years.year > ranges.end_year then 1 end) as n_after,
        coalesce(sum(years.n_shown), 0) as n_shown
    from ranges
    cross join lengths
    left join years
        on ranges.unit_id = years.unit_id and ranges.metric_id = years.metric_id
        and (
            years.year between ranges.start_year - lengths.n_years and ranges.start_year - 1
            or years.year between ranges.end_year + 1 and ranges.end_year + lengths.n_years
        )
    group by 1, 2, 3, 4, 5
),

ranked as (
    select
        candidates.*,
        least(n_before, n_after) >= n_years as is_whole,
        row_number() over (
            partition by cycle_id, metric_id
            order by case
                when n_shown = 2 * n_years then 0 when least(n_before, n_after) >= n_years then 1 else 2
            end, n_years desc
        ) as choice
    from candidates
)

select
    cycle_id,
    metric_id,
    start_year,
    end_year,
    case when is_whole then n_years end as n_years,
    case
        when is_whole then null
        when n_before < n_after then 'few_years_before'
        else 'few_years_after'
    end as window_reason
from ranked
where choice = 1
