-- The metrics with what later steps ask about them. `family_id` names metrics that are hidden
-- together: a total, its complement (100 - x) and others on the same measures, the parts of a total,
-- all on pay, since the accounts' lines add up over them, those net of refunds. `is_judged`: what its
-- figures say of its family counts. Parts are published for a unit per year. Where no staff was ever
-- delivered the accounts tell of no known group, but for what is net of refunds.
-- `is_by_duration`: it moves until cases are over.
with metrics as (
    select
        metrics.*,
        metrics.split_of is not null and metrics.split_group <> 'complement' as is_split,
        coalesce(totals.unit_grain, metrics.unit_grain) as stated_grain,
        coalesce(totals.hidden_with, metrics.hidden_with, metrics.split_of, metrics.metric_id) as first_id
    from {{ ref('stg_municipality__metrics') }} as metrics
    left join {{ ref('stg_municipality__metrics') }} as totals
        on metrics.split_of = totals.metric_id
),

measures as (
    select
        metric_id,
        count(case when role = 'denominator' then 1 end) > 0 as has_denominator,
        count(case when role = 'denominator' and measure_id like '%nok' then 1 end) > 0
            as is_denominator_pay,
        count(case
            when measure_id like '%nok' or measure_id in ('overtime_fte', 'substitute_fte') then 1
        end) > 0 as is_pay,
        count(case when measure_id in ('{{ duration_measures() | join("', '") }}') then 1 end) > 0
            as is_by_duration
    from {{ ref('stg_municipality__metric_measures') }}
    group by metric_id
),

staff as (select count(*) as n_months from {{ ref('int_hr__unit_months') }}),

profile as (
    select min_persons, min_persons_split from {{ ref('stg_municipality__profile') }}
)

select
    metrics.metric_id,
    metrics.scale,
    metrics.unit,
    metrics.direction,
    metrics.target_value,
    metrics.lower_bound,
    metrics.upper_bound,
    metrics.is_about_persons and (
        not measures.is_pay or metrics.stated_grain = 'year' or staff.n_months > 0
    ) as is_about_persons,
    metrics.is_cost_linked,
    metrics.decimals,
    metrics.is_core,
    measures.has_denominator,
    metrics.is_split,
    case when metrics.is_split then 'year' else metrics.stated_grain end as unit_grain,
    metrics.shown_with,
    metrics.is_count,
    measures.is_denominator_pay,
    measures.is_by_duration or coalesce(companions.is_by_duration, false) as is_by_duration,
    case
        when measures.is_pay and metrics.is_about_persons and metrics.split_of is null
            and metrics.stated_grain = 'month' then 'pay'
        when measures.is_pay and metrics.split_of is null and metrics.shown_with is not null
            then concat('pay/', metrics.shown_with)
        when metrics.split_of is null or metrics.split_group = 'complement' then metrics.first_id
        else concat(metrics.split_of, '/', metrics.split_group)
    end as family_id,
    case when metrics.is_split then metrics.split_of end as parent_family_id,
    metrics.is_split or (metrics.split_of is null and not measures.is_pay) as is_judged,
    case
        when metrics.is_split or metrics.stated_grain = 'year' then profile.min_persons_split
        else profile.min_persons
    end as min_persons
from metrics
cross join profile
cross join staff
inner join measures
    on metrics.metric_id = measures.metric_id
left join measures as companions
    on metrics.shown_with = companions.metric_id
