{{ config(materialized='view') }}
-- The accounts' lines per unit and year with the final reason: of the whole unit, and of the sick-pay
-- refund, which tells how many days lasted beyond the employer's period and so follows the split by
-- duration, as the metric net of it does. The hidden units behind the municipality's line must be at least two and as many persons
-- as the smallest group that is shown, or the smallest shown units keep them company. Where nobody's
-- staff was ever delivered there is no sick leave to protect: the lines are hidden, not the total.
with ordered as (
    select
        years.*,
        sum(case when reason is not null then 1 else 0 end) over (partition by year) as n_own,
        count(*) over (
            partition by year
            order by case when reason is not null then 0 else 1 end, n_persons, unit_id
            rows between unbounded preceding and 1 preceding
        ) as n_before,
        coalesce(sum(n_persons_once) over (
            partition by year
            order by case when reason is not null then 0 else 1 end, n_persons, unit_id
            rows between unbounded preceding and 1 preceding
        ), 0) as n_persons_before
    from {{ ref('int_suppression__ledger_years') }} as years
),

known as (
    select count(*) as n_staff_months from {{ ref('int_hr__unit_months') }}
),

-- the refund is what stands between a metric net of it and the lines of pay
net as (
    select years.group_id as unit_id, years.year, min(years.suppression_reason) as reason
    from {{ ref('int_metric_years_visible') }} as years
    inner join {{ ref('stg_municipality__metric_measures') }} as parts
        on years.metric_id = parts.metric_id
        and parts.measure_id in ('sick_pay_refund_nok', 'pay_net_nok')
    where years.level = 'unit'
    group by years.group_id, years.year
),

accompanied as (
    select
        ordered.*,
        case
            when reason is not null then reason
            when n_own > 0 and (n_before < 2 or n_persons_before < min_persons) then 'secondary'
        end as unit_reason
    from ordered
)

select
    accompanied.unit_id,
    accompanied.year,
    accompanied.unit_reason,
    case when known.n_staff_months > 0 then accompanied.unit_reason end as total_reason,
    case
        when accompanied.unit_reason is not null then accompanied.unit_reason
        when net.unit_id is not null then net.reason
        when accompanied.n_persons < accompanied.min_persons_split then 'split_few_persons'
    end as refund_reason
from accompanied
cross join known
left join net
    on accompanied.unit_id = net.unit_id and accompanied.year = net.year
