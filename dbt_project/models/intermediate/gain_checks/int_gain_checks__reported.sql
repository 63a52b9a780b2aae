{{ config(materialized='view') }}
-- What is reported per scope: identified and realised as in the register, and of the realised what has
-- evidence and is counted once. Two sums, never added to each other.
with gains as (
    select
        gain_id,
        unit_id,
        cycle_id,
        case when status = 'dropped' then 0 else identified_fte end as identified_fte,
        realised_fte,
        counted_fte,
        gain_kind,
        is_double_counted
    from {{ ref('int_gains__register') }}
)

select
    members.scope_type,
    members.scope_id,
    case when members.scope_type = 'cycle' then max(members.unit_id) end as unit_id,
    count(distinct members.unit_id) as n_units,
    count(gains.gain_id) as n_gains,
    cast(coalesce(sum(gains.identified_fte), 0) as double) as identified_fte,
    cast(coalesce(sum(gains.realised_fte), 0) as double) as realised_fte,
    cast(coalesce(sum(gains.counted_fte), 0) as double) as realised_counted_fte,
    cast(coalesce(sum(case when gains.gain_kind = 'cash' then gains.counted_fte end), 0) as double)
        as realised_cash_fte,
    count(case when gains.is_double_counted then 1 end) > 0 as has_double
from {{ ref('int_gain_checks__members') }} as members
left join gains
    on members.cycle_id = gains.cycle_id
group by members.scope_type, members.scope_id
union all
-- a gain of a unit without any cycle is in no other scope
select
    'unit' as scope_type, gains.unit_id as scope_id, gains.unit_id, 1 as n_units,
    count(*) as n_gains,
    cast(sum(gains.identified_fte) as double) as identified_fte,
    cast(sum(gains.realised_fte) as double) as realised_fte,
    cast(sum(gains.counted_fte) as double) as realised_counted_fte,
    cast(coalesce(sum(case when gains.gain_kind = 'cash' then gains.counted_fte end), 0) as double)
        as realised_cash_fte,
    count(case when gains.is_double_counted then 1 end) > 0 as has_double
from gains
left join {{ ref('int_gain_checks__members') }} as members
    on gains.cycle_id = members.cycle_id and members.scope_type = 'cycle'
where members.cycle_id is null
group by gains.unit_id
