-- One row per gain in the register: reported potential and reported realised, never added together.
with latest as (
    select
        gain_id,
        status,
        used_for,
        row_number() over (partition by gain_id order by event_no desc) as latest
    from {{ ref('stg_lean__gain_events') }}
),

events as (
    select
        gain_id,
        sum(realised_fte_change) as realised_fte,
        min(case when realised_fte_change > 0 then event_date end) as first_realised_date,
        max(event_date) as last_event_date,
        count(case when evidence is not null then 1 end) > 0 as has_evidence
    from {{ ref('stg_lean__gain_events') }}
    group by gain_id
)

select
    gains.gain_id,
    gains.unit_id,
    units.unit_name,
    units.sector,
    gains.cycle_id,
    gains.title,
    gains.tool,
    gains.share_quality,
    gains.share_quantity,
    gains.share_saving,
    gains.identified_date,
    cast(gains.identified_fte as double) as identified_fte,
    cast(coalesce(events.realised_fte, 0) as double) as realised_fte,
    coalesce(latest.status, 'identified') as status,
    coalesce(latest.status, 'identified') = 'dropped' as is_dropped,
    latest.used_for,
    events.first_realised_date,
    events.last_event_date,
    coalesce(events.has_evidence, false) as has_evidence,
    gains.metric_id,
    gains.owner_role,
    cast(gains.amount_nok as double) as amount_nok
from {{ ref('stg_lean__gains') }} as gains
inner join {{ ref('dim_units') }} as units
    on gains.unit_id = units.unit_id
left join latest
    on gains.gain_id = latest.gain_id and latest.latest = 1
left join events
    on gains.gain_id = events.gain_id
order by gains.gain_id
