{{ config(materialized='view') }}
-- What maturity is computed from: every unit of the register at every month end it exists.
with dates as (
    select
        units.unit_id,
        training.first_date,
        dates.as_of_date,
        {{ add_months('dates.as_of_date', -3) }} as three_months_before
    from {{ ref('int_as_of_dates') }} as dates
    inner join {{ ref('int_units') }} as units
        on coalesce(units.valid_from <= dates.as_of_date, true)
        and coalesce(units.valid_to >= dates.as_of_date, true)
    inner join {{ ref('int_lean__training') }} as training
        on units.unit_id = training.unit_id
    where dates.is_month_end and training.has_cycle
),

meetings as (
    select dates.unit_id, dates.as_of_date, count(*) as n_meetings
    from dates
    inner join {{ ref('stg_lean_activity__board_meetings') }} as boards
        on dates.unit_id = boards.unit_id
        and boards.meeting_date > dates.three_months_before
        and boards.meeting_date <= dates.as_of_date
    group by dates.unit_id, dates.as_of_date
),

realised as (
    select gains.unit_id, states.as_of_date, sum(states.realised_fte) as realised_fte
    from {{ ref('int_lean__gain_status') }} as states
    inner join {{ ref('stg_lean__gains') }} as gains
        on states.gain_id = gains.gain_id
    where states.status <> 'dropped'
    group by gains.unit_id, states.as_of_date
),

rounds as (
    select dates.unit_id, dates.as_of_date, count(*) as n_rounds
    from dates
    inner join {{ ref('int_activity__rounds') }} as rounds
        on dates.unit_id = rounds.unit_id
        and rounds.is_measured and rounds.check_date <= dates.as_of_date
    group by dates.unit_id, dates.as_of_date
)

select
    dates.unit_id,
    dates.as_of_date,
    coalesce(dates.first_date <= dates.as_of_date, false) as has_started,
    delivered.is_delivered as boards_delivered,
    case when delivered.is_delivered then coalesce(meetings.n_meetings, 0) end as n_meetings,
    cast(coalesce(realised.realised_fte, 0) as double) as realised_fte,
    coalesce(rounds.n_rounds, 0) as n_rounds
from dates
cross join {{ ref('int_activity__delivered') }} as delivered
left join meetings
    on dates.unit_id = meetings.unit_id and dates.as_of_date = meetings.as_of_date
left join realised
    on dates.unit_id = realised.unit_id and dates.as_of_date = realised.as_of_date
left join rounds
    on dates.unit_id = rounds.unit_id and dates.as_of_date = rounds.as_of_date
where delivered.table_name = 'board_meetings'
