-- Each gain with what its events add up to. A gain without a cycle belongs to the unit's first.
with latest as (
    select
        gain_id,
        status,
        row_number() over (partition by gain_id order by event_no desc) as place
    from {{ ref('stg_lean__gain_events') }}
),

uses as (
    select
        gain_id,
        used_for,
        row_number() over (partition by gain_id order by event_no desc) as place
    from {{ ref('stg_lean__gain_events') }}
    where used_for is not null
),

sums as (
    select
        gain_id,
        sum(fte_change) as realised_fte,
        sum(counted_fte_change) as counted_fte,
        min(case when fte_change > 0 then event_date end) as first_realised_date,
        max(event_date) as last_event_date,
        {{ text_list("case when fte_change > 0 and reference is not null then evidence_kind end") }}
            as evidence_kinds,
        count(case when is_double_counted then 1 end) > 0 as is_double_counted,
        count(case when fte_change > 0 and used_for is null then 1 end) > 0 as lacks_use,
        count(note) > 0 as has_note
    from {{ ref('int_gains__events') }}
    group by gain_id
),

first_cycles as (
    select unit_id, min(cycle_id) as cycle_id
    from {{ ref('int_lean__cycles') }}
    where cycle_no = 1
    group by unit_id
)

select
    gains.gain_id,
    gains.unit_id,
    coalesce(gains.cycle_id, first_cycles.cycle_id) as cycle_id,
    gains.share_saving,
    gains.gain_kind,
    gains.amount_nok,
    gains.identified_date,
    gains.identified_fte,
    coalesce(latest.status, 'identified') as status,
    uses.used_for,
    coalesce(sums.realised_fte, 0) as realised_fte,
    greatest(coalesce(sums.counted_fte, 0), 0) as counted_fte,
    sums.first_realised_date,
    sums.last_event_date,
    sums.evidence_kinds,
    coalesce(sums.is_double_counted, false) as is_double_counted,
    coalesce(sums.lacks_use, false) as lacks_use,
    coalesce(sums.has_note, false) as has_note
from {{ ref('stg_lean__gains') }} as gains
left join latest
    on gains.gain_id = latest.gain_id and latest.place = 1
left join uses
    on gains.gain_id = uses.gain_id and uses.place = 1
left join sums
    on gains.gain_id = sums.gain_id
left join first_cycles
    on gains.unit_id = first_cycles.unit_id
