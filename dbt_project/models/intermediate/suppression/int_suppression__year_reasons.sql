-- Why a year of a metric that units show per year may not stand on its own (NULL: it may). Of a unit:
-- whole years in which every month of the total is shown (of what is net of refunds: of its pay),
-- enough persons behind the year, three behind the part and three behind the rest, and neither of them
-- nearly all in one month: the months of the total are published, and would give the part's. Of a
-- group: the sum of its months, where all are.
with totals as (
    select hidden.level, hidden.group_id, hidden.family_id, months.year, count(*) as n_hidden
    from {{ ref('int_suppression__totals') }} as hidden
    inner join {{ ref('int_months') }} as months
        on hidden.month = months.month
    group by hidden.level, hidden.group_id, hidden.family_id, months.year
),

settled as (
    select year, count(case when is_settled then 1 end) as n_months
    from {{ ref('int_months') }}
    group by year
),

group_months as (
    select hidden.level, hidden.group_id, hidden.family_id, months.year, count(*) as n_hidden
    from {{ ref('int_suppression__splits') }} as hidden
    inner join {{ ref('int_months') }} as months
        on hidden.month = months.month
    group by hidden.level, hidden.group_id, hidden.family_id, months.year
)

select
    years.level,
    years.group_id,
    years.sector,
    years.metric_id,
    years.year,
    concat(years.group_id, '/', years.sector) as cell_id,
    steps.step_id,
    metrics.min_persons,
    years.n_persons,
    coalesce(years.n_persons_once, 0) as n_persons_once,
    case
        when years.n_months < 12 then 'part_year'
        when metrics.is_by_duration and settled.n_months < 12 then 'not_settled'
        when years.level <> 'unit' then case
            when coalesce(group_months.n_hidden, 0) > 0 then 'months_hidden'
        end
        when years.n_persons is null then 'unknown_persons'
        when years.n_persons < metrics.min_persons then 'split_few_persons'
        when totals.n_hidden > 0 then 'total_hidden'
        when not metrics.is_split and not metrics.is_count then null
        when years.n_contributors is null then 'unknown_persons'
        when metrics.is_split and years.n_rest_months < 12 then 'unknown_persons'
        when years.n_contributors < {{ min_contributors() }} then 'few_contributors'
        when metrics.is_split and years.n_others < {{ min_contributors() }} then 'few_contributors'
        when not (
            {{ protects('years.numerator', 'years.numerator_needed') }}
            and (not metrics.is_split or {{ protects('years.rest', 'years.rest_needed') }})
        ) then 'one_month'
    end as reason
from {{ ref('int_metric_years') }} as years
inner join {{ ref('int_metrics') }} as metrics
    on years.metric_id = metrics.metric_id and metrics.is_about_persons
inner join {{ ref('int_metric_steps') }} as steps
    on years.metric_id = steps.metric_id
inner join settled
    on years.year = settled.year
left join totals
    on years.level = totals.level and years.group_id = totals.group_id
    and coalesce(
        metrics.parent_family_id, case when metrics.family_id like 'pay/%' then 'pay' end
    ) = totals.family_id
    and years.year = totals.year
left join group_months
    on years.level = group_months.level and years.group_id = group_months.group_id
    and steps.step_id = group_months.family_id and years.year = group_months.year
