{{ config(materialized='view') }}
-- The status of each gain: its own where it is not counted, else its cycle's; and what the comparison
-- says of the metric it should be visible in, which is told beside and decides nothing.
select
    gains.gain_id,
    case
        when gains.status = 'dropped' then null
        when gains.realised_fte <= 0 then 'nothing_realised'
        when gains.counted_fte <= 0 and gains.is_double_counted then 'double_counted'
        when gains.counted_fte <= 0 then 'without_evidence'
        else coalesce(checks.status, 'no_measurement')
    end as check_status,
    effects.verdict as metric_verdict,
    effects.cf_delta as metric_estimate,
    effects.cf_lo as metric_lo,
    effects.cf_hi as metric_hi
from {{ ref('int_gains__register') }} as gains
inner join {{ ref('stg_lean__gains') }} as delivered
    on gains.gain_id = delivered.gain_id
left join {{ ref('int_gain_checks__judged') }} as checks
    on checks.scope_type = 'cycle' and gains.cycle_id = checks.scope_id
left join {{ ref('stg_effects__units') }} as effects
    on gains.unit_id = effects.unit_id and delivered.metric_id = effects.metric_id
