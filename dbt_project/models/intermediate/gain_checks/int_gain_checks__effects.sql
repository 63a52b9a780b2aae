{{ config(materialized='view') }}
-- Paid FTE of each started unit against what was expected without Lean, turned into FTE, beside what
-- the unit says it had realised in the same months: the mean over the window's months of what counted
-- by then. A change is negative when fewer FTE were paid. Paid before and after are the headline's.
with effects as (
    select
        effects.*,
        case when effects.verdict <> 'suppressed' then shown.value_before end as paid_before,
        case when effects.verdict <> 'suppressed' then shown.value_after end as paid_after
    from {{ ref('stg_effects__units') }} as effects
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on effects.metric_id = metrics.metric_id and metrics.is_gain_measure
    left join {{ ref('int_headline_own_evidence') }} as shown
        on effects.unit_id = shown.unit_id and effects.metric_id = shown.metric_id
        and shown.is_first_cycle
),

compared as (
    select
        effects.unit_id,
        cast(sum(events.counted_fte_change) as double)
        / max(coalesce(effects.cf_window_months, effects.window_months)) as realised_fte
    from effects
    inner join {{ ref('int_months') }} as months
        on months.month >= effects.lean_start
        and {{ month_index('months.month') }}
        < {{ month_index('effects.lean_start') }}
        + coalesce(effects.cf_window_months, effects.window_months)
    inner join {{ ref('int_gains__events') }} as events
        on effects.unit_id = events.unit_id and events.event_date <= months.last_day
    group by effects.unit_id
),

leave as (
    select
        unit_id,
        case when effect_unit = 'raw' then cf_delta end as points,
        case when effect_unit = 'raw' then cf_lo end as points_lo,
        case when effect_unit = 'raw' then cf_hi end as points_hi,
        verdict in ('improved', 'worsened', 'changed', 'no_detectable_change') as is_judged,
        is_pooled
    from {{ ref('stg_effects__units') }}
    where metric_id = 'sick_leave_pct'
)

select
    effects.unit_id,
    effects.verdict,
    effects.reason,
    effects.verdict in ('improved', 'worsened', 'changed', 'no_detectable_change') as is_judged,
    coalesce(effects.is_pooled, false) as is_pooled,
    coalesce(leave.is_pooled, false) as is_leave_pooled,
    effects.paid_before as paid_fte_before,
    effects.paid_after as paid_fte_after,
    coalesce(compared.realised_fte, 0e0) as realised_compared_fte,
    {{ effect_in_fte('effects.cf_delta', 'effects.paid_after', 'effects.effect_unit') }}
        as measured_fte,
    {{ effect_in_fte('effects.cf_lo', 'effects.paid_after', 'effects.effect_unit') }}
        as measured_lo,
    {{ effect_in_fte('effects.cf_hi', 'effects.paid_after', 'effects.effect_unit') }}
        as measured_hi,
    case when leave.is_judged then -leave.points / 100e0 * effects.paid_after end
        as capacity_fte,
    case when leave.is_judged then -leave.points_hi / 100e0 * effects.paid_after end
        as capacity_lo,
    case when leave.is_judged then -leave.points_lo / 100e0 * effects.paid_after end
        as capacity_hi
from effects
left join compared
    on effects.unit_id = compared.unit_id
left join leave
    on effects.unit_id = leave.unit_id
