{{ config(materialized='view') }}
-- Why a figure about persons that is published per month may not stand on its own, per level, group,
-- metric and month (NULL: it may): rule 1 of the privacy page, too few persons behind it; and what is
-- booked in all by a unit with hardly anything but pay, which with the pay says its sick-pay refund.
with bare as (
    select scope_id as unit_id, year from {{ ref('int_ledger__year_totals') }}
    where scope_type = 'unit' and art_group = 'all' and sick_pay_refund_nok <> 0
        and {{ is_hardly_more_than_pay('other_nok', 'sick_pay_refund_nok') }}
),

booked_in_all as (
    select distinct metric_id from {{ ref('stg_municipality__metric_measures') }}
    where measure_id = 'accounts_nok'
)

select
    levels.level,
    levels.group_id,
    levels.sector,
    levels.metric_id,
    levels.month,
    metrics.family_id,
    metrics.min_persons,
    metrics.is_count,
    coalesce(levels.n_persons, 0) as n_persons,
    coalesce(levels.n_persons_once, 0) as n_persons_once,
    coalesce(
        {{ few_persons_reason('levels.n_persons', 'metrics.min_persons') }},
        case when staff.n_persons_effective < {{ least_effective_persons('metrics.min_persons') }}
            then 'few_persons' end,
        case when bare.unit_id is not null and booked_in_all.metric_id is not null
            then 'secondary' end
    ) as reason
from {{ ref('int_metric_levels') }} as levels
inner join {{ ref('int_metrics') }} as metrics
    on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'month'
left join {{ ref('int_hr__unit_months') }} as staff
    on levels.level = 'unit' and levels.group_id = staff.unit_id and levels.month = staff.month
    -- a figure that is delivered with its own number of persons may be of more than the register has
    and levels.n_persons <= staff.n_persons
left join bare
    on levels.level = 'unit' and levels.group_id = bare.unit_id
    and extract(year from levels.month) = bare.year
left join booked_in_all
    on levels.metric_id = booked_in_all.metric_id
where metrics.is_about_persons and levels.has_data
