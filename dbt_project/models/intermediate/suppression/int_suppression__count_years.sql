{{ config(materialized='view') }}
-- Years of groups of metrics that count persons, as turnover (NULL: shown): the months in which a unit
-- is hidden show no total, the year does where what it hides protects. Of every hidden unit the others
-- must have had at least the protection level; a sector that cannot show its year needs others that
-- cannot, or the municipality's is hidden too. The metrics of a family show the year together: those
-- who left and moved, less those who left, are those who moved.
{% set is_too_little -%}
rests.n_blocks < 2 or rests.n_persons < years.min_persons
        or not ({{ protects('rests.total', needed_behind('rests.largest')) }})
{%- endset %}
{% set of_the_family -%}
coalesce(own_reason, case when count(own_reason)
            over (partition by group_id, family_id, year) > 0 then 'secondary' end)
{%- endset %}
with years as (
    select
        levels.level,
        levels.group_id,
        levels.sector,
        levels.metric_id,
        metrics.family_id,
        months.year,
        max(metrics.min_persons) as min_persons,
        case
            when count(*) < 12 then 'part_year'
            when min(coalesce(levels.n_persons, 0)) < max(metrics.min_persons) then 'few_persons'
        end as reason
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics on levels.metric_id = metrics.metric_id
        and metrics.unit_grain = 'month' and metrics.is_count and metrics.is_about_persons
    inner join {{ ref('int_months') }} as months on levels.month = months.month
    where levels.has_data and levels.level <> 'unit'
    group by
        levels.level, levels.group_id, levels.sector, levels.metric_id, metrics.family_id, months.year
),

judged_sectors as (
    select
        years.*,
        rests.n_persons as n_hidden_persons,
        rests.total as hidden_total,
        coalesce(years.reason, case when {{ is_too_little }} then 'secondary' end) as own_reason
    from years
    cross join {{ ref('stg_municipality__profile') }} as level
    left join {{ ref('int_suppression__count_rests') }} as rests
        on (years.sector, years.metric_id, years.year) = (rests.sector, rests.metric_id, rests.year)
    where years.level = 'sector'
),

sectors as (
    select *, {{ of_the_family }} as final_reason from judged_sectors
),

open_sectors as (
    select
        metric_id,
        year,
        count(*) as n_blocks,
        sum(n_hidden_persons) as n_persons,
        {{ exact_sum('hidden_total') }} as total,
        max(hidden_total) as largest
    from sectors
    where final_reason is not null and hidden_total is not null
    group by metric_id, year
),

judged_whole as (
    select
        years.*,
        coalesce(years.reason, case when {{ is_too_little }} then 'secondary' end) as own_reason
    from years
    cross join {{ ref('stg_municipality__profile') }} as level
    left join open_sectors as rests
        on years.metric_id = rests.metric_id and years.year = rests.year
    where years.level = 'municipality'
)

select level, group_id, sector, metric_id, year, final_reason as reason from sectors
union all
select level, group_id, sector, metric_id, year, {{ of_the_family }} as reason from judged_whole
