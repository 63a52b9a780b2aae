-- Agreed days, FTE, headcounts and departures per unit and month. `n_persons` is the distinct
-- persons behind agreed days; hourly paid are in none of the agreed figures. Of months whose rows are
-- deleted, as they were then.
with positions as (
    select
        unit_id,
        month,
        max(delivery_id) as delivery_id,
        sum(case when not is_hourly then position_pct * counted_days end) as agreed_pct_days,
        sum(case when not is_hourly and is_active_at_end then position_pct end) as agreed_pct,
        count(distinct case when is_active_at_end then person_id end) as n_employees,
        count(distinct case when is_permanent and is_active_at_end then person_id end)
            as permanent_staff,
        count(distinct case
            when is_permanent and is_active_at_end and is_main_at_end then person_id
        end) as permanent_staff_once,
        count(distinct case when not is_hourly then person_id end) as n_persons,
        count(distinct case when not is_hourly and is_main then person_id end) as n_persons_once
    from {{ ref('int_hr__position_months') }}
    group by unit_id, month
),

-- how many whole persons those are worth: one full post and four of one per cent are five, and 1.2
spread as (
    select
        unit_id,
        month,
        power(sum(pct_days), 2) / nullif(sum(power(pct_days, 2)), 0) as n_persons_effective
    from (
        select unit_id, month, cast(sum(position_pct * counted_days) as double) as pct_days
        from {{ ref('int_hr__position_months') }}
        where not is_hourly
        group by unit_id, month, person_id
    ) as shares
    group by unit_id, month
),

departures as (
    select
        unit_id,
        month,
        count(case when not is_mover then 1 end) as leavers,
        count(case when is_mover then 1 end) as movers
    from {{ ref('int_hr__departures') }}
    group by unit_id, month
),

counted as (
    select month, cast(nullif(sum(counted_day), 0) as double) as n_days
    from {{ ref('int_days') }}
    group by month
)

select
    positions.unit_id,
    positions.month,
    positions.delivery_id,
    cast(positions.agreed_pct_days as double) / 100e0 as agreed_days,
    cast(positions.agreed_pct_days as double) / 100e0 / counted.n_days as contract_fte,
    cast(coalesce(positions.agreed_pct, 0) as double) / 100e0 as agreed_fte,
    positions.n_employees,
    positions.permanent_staff,
    positions.permanent_staff_once,
    coalesce(departures.leavers, 0) as leavers,
    coalesce(departures.movers, 0) as movers,
    positions.n_persons,
    positions.n_persons_once,
    round(spread.n_persons_effective, 6) as n_persons_effective
from positions
inner join counted
    on positions.month = counted.month
left join spread
    on positions.unit_id = spread.unit_id and positions.month = spread.month
left join departures
    on positions.unit_id = departures.unit_id and positions.month = departures.month
union all by name
select * from {{ ref('stg_ops__kept_position_months') }}
