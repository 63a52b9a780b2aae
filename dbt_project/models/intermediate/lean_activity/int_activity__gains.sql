-- Every gain that still counts, on the last day of the data: what is realised, how much of it without
-- evidence, its newest plan and how many times the plan was put off.
with events as (
    select
        events.gain_id,
        cast(sum(events.realised_fte_change) as double) as realised_fte,
        max(case when events.status = 'dropped' then 1 else 0 end) = 1 as is_dropped,
        count(case when events.realised_fte_change > 0 then 1 end) > 0 as is_realised,
        min(case
            when events.realised_fte_change > 0 and events.evidence is null then events.event_date
        end) as first_bare_date,
        min(case when events.realised_fte_change > 0 then events.event_date end)
            as first_realised_date
    from {{ ref('stg_lean__gain_events') }} as events
    cross join {{ ref('int_data_range') }} as data_range
    where events.event_date <= data_range.last_day
    group by events.gain_id
),

ordered_plans as (
    select
        plans.gain_id,
        plans.plan_no,
        plans.planned_date,
        plans.planned_at,
        lag(plans.planned_date) over (
            partition by plans.gain_id order by plans.plan_no
        ) as previous_date,
        row_number() over (partition by plans.gain_id order by plans.plan_no desc) as newest
    from {{ ref('stg_lean_activity__gain_plans') }} as plans
    cross join {{ ref('int_data_range') }} as data_range
    where plans.planned_at <= data_range.last_day
),

plans as (
    select
        gain_id,
        max(case when newest = 1 then planned_date end) as planned_date,
        count(case when planned_date > previous_date then 1 end) as n_slips,
        max(case when planned_date > previous_date then planned_at end) as last_slip_date
    from ordered_plans
    group by gain_id
)

select
    gains.gain_id,
    gains.unit_id,
    gains.identified_date,
    cast(gains.identified_fte as double) as identified_fte,
    cast(gains.share_saving as double) as share_saving,
    coalesce(events.realised_fte, 0e0) as realised_fte,
    coalesce(events.is_realised, false) as is_realised,
    events.first_realised_date,
    events.first_bare_date,
    plans.planned_date,
    plans.n_slips,
    plans.last_slip_date
from {{ ref('stg_lean__gains') }} as gains
cross join {{ ref('int_data_range') }} as data_range
left join events
    on gains.gain_id = events.gain_id
left join plans
    on gains.gain_id = plans.gain_id
where gains.identified_date <= data_range.last_day and not coalesce(events.is_dropped, false)
