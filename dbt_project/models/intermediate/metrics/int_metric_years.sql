-- What is published per year, summed over the calendar year, restricted: level, group, sector and
-- metric; of counts of persons the groups' years. A unit that changed sector has a row in each. `rest` is the total the metric is a part of
-- less the part; what a month of either needs (`_needed`) says whether the year is spread out.
with months as (
    select
        levels.level,
        levels.group_id,
        levels.sector,
        levels.metric_id,
        metrics.parent_family_id is not null or metrics.is_count as is_behind_known,
        months.year,
        levels.scale,
        levels.numerator,
        levels.denominator,
        levels.n_persons,
        levels.n_persons_once,
        totals.numerator - levels.numerator as rest
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id and (
            metrics.unit_grain = 'year'
            or metrics.is_count and metrics.is_about_persons and levels.level <> 'unit'
        )
    inner join {{ ref('int_months') }} as months
        on levels.month = months.month
    left join {{ ref('int_metric_levels') }} as totals
        on metrics.parent_family_id = totals.metric_id and totals.has_data
        and levels.level = totals.level and levels.group_id = totals.group_id
        and levels.month = totals.month
    where levels.has_data
)

select
    months.level,
    months.group_id,
    months.sector,
    months.metric_id,
    months.year,
    cast(count(*) as integer) as n_months,
    max(months.scale) as scale,
    {{ exact_sum('months.numerator') }} as numerator,
    {{ exact_sum('months.denominator') }} as denominator,
    max({{ needed_behind('months.numerator') }}) as numerator_needed,
    {{ exact_sum('months.rest') }} as rest,
    max({{ needed_behind('months.rest', 'greatest(months.rest, months.numerator)') }}) as rest_needed,
    cast(count(months.rest) as integer) as n_rest_months,
    cast(coalesce(max(persons.n_persons), max(months.n_persons)) as integer) as n_persons,
    cast(min(months.n_persons_once) as integer) as n_persons_once,
    max(persons.n_contributors) as n_contributors,
    max(persons.n_others) as n_others
from months
cross join {{ ref('stg_municipality__profile') }} as level
left join {{ ref('int_metric_steps') }} as steps
    on months.metric_id = steps.metric_id
left join {{ ref('int_sick_leave__unit_years') }} as persons
    on months.level = 'unit' and months.group_id = persons.unit_id
    and months.year = persons.year and steps.numerator_measure_id = persons.measure_id
    and months.is_behind_known
group by months.level, months.group_id, months.sector, months.metric_id, months.year
