-- Every event of every gain in the register, with what can be looked up to see it. A realised part
-- counts when it refers to something, and when no earlier claim of another gain refers to the same
-- position or budget line. What is lost again always counts.
with events as (
    select
        gains.gain_id,
        gains.unit_id,
        events.event_no,
        events.event_date,
        events.realised_fte_change as fte_change,
        events.used_for,
        events.note,
        coalesce(events.evidence_kind, 'none') as evidence_kind,
        case
            when events.evidence_kind = 'measurement'
                then coalesce(events.evidence_ref, gains.metric_id)
            when events.evidence_kind in ('position', 'budget_line', 'decision')
                then nullif(upper(trim(events.evidence_ref)), '')
        end as reference
    from {{ ref('stg_lean__gains') }} as gains
    inner join {{ ref('stg_lean__gain_events') }} as events
        on gains.gain_id = events.gain_id
),

claims as (
    select
        gain_id,
        evidence_kind,
        reference,
        row_number() over (
            partition by evidence_kind, reference order by min(event_date) asc, gain_id asc
        ) as place,
        first_value(gain_id) over (
            partition by evidence_kind, reference order by min(event_date) asc, gain_id asc
        ) as first_gain_id
    from events
    where fte_change > 0 and evidence_kind in ('position', 'budget_line') and reference is not null
    group by gain_id, evidence_kind, reference
)

select
    events.gain_id,
    events.unit_id,
    events.event_no,
    events.event_date,
    events.fte_change,
    events.used_for,
    events.note,
    events.evidence_kind,
    events.reference,
    coalesce(claims.place > 1, false) as is_double_counted,
    case when claims.place > 1 then claims.first_gain_id end as first_gain_id,
    case
        when events.fte_change <= 0 then events.fte_change
        when events.reference is null or claims.place > 1 then 0
        else events.fte_change
    end as counted_fte_change
from events
left join claims
    on events.gain_id = claims.gain_id and events.evidence_kind = claims.evidence_kind
    and events.reference = claims.reference and events.fte_change > 0
