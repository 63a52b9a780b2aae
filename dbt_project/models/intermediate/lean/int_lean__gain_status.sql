-- Every gain at every date from when it was identified: status of the latest event so far and what
-- had been realised. A dropped gain is no longer identified.
with events as (
    select
        gains.gain_id,
        dates.as_of_date,
        events.status,
        events.event_no,
        events.realised_fte_change,
        row_number() over (
            partition by gains.gain_id, dates.as_of_date order by events.event_no desc nulls last
        ) as latest
    from {{ ref('stg_lean__gains') }} as gains
    inner join {{ ref('int_as_of_dates') }} as dates
        on gains.identified_date <= dates.as_of_date
    left join {{ ref('stg_lean__gain_events') }} as events
        on gains.gain_id = events.gain_id and events.event_date <= dates.as_of_date
),

states as (
    select
        gain_id,
        as_of_date,
        coalesce(max(case when latest = 1 then status end), 'identified') as status,
        coalesce(sum(realised_fte_change), 0) as realised_fte
    from events
    group by gain_id, as_of_date
)

select
    states.gain_id,
    states.as_of_date,
    states.status,
    states.realised_fte,
    gains.tool,
    units.sector,
    case when states.status = 'dropped' then 0 else gains.identified_fte end as identified_fte,
    cast(gains.share_quality as decimal(9, 6)) as share_quality,
    cast(gains.share_quantity as decimal(9, 6)) as share_quantity,
    cast(gains.share_saving as decimal(9, 6)) as share_saving
from states
inner join {{ ref('stg_lean__gains') }} as gains
    on states.gain_id = gains.gain_id
left join {{ ref('stg_organisation__units') }} as units
    on gains.unit_id = units.unit_id
