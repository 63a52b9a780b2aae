{{ config(materialized='view') }}
-- What is wrong with a gain, one row per gain and issue; `other_gain_id` is the gain that claimed the
-- same position or budget line first.
with found as (
    select gain_id, 'double_counted' as issue, first_gain_id as other_gain_id
    from {{ ref('int_gains__events') }}
    where is_double_counted
    group by gain_id, first_gain_id
    union all
    select gain_id, 'above_identified', null
    from {{ ref('int_gains__register') }}
    where realised_fte > identified_fte and not has_note
    union all
    select gain_id, 'without_use', null
    from {{ ref('int_gains__register') }}
    where realised_fte > 0 and lacks_use
    union all
    select gain_id, 'without_kind', null
    from {{ ref('int_gains__register') }}
    where realised_fte > 0 and gain_kind is null
    union all
    select gain_id, 'without_evidence', null
    from {{ ref('int_gains__events') }}
    where fte_change > 0 and reference is null
    group by gain_id
    union all
    select gain_id, 'saving_not_found', null
    from {{ ref('int_gains__savings') }}
    where saving_status = 'not_found'
    union all
    select events.gain_id, 'unknown_gain', null
    from {{ ref('stg_lean__gain_events') }} as events
    left join {{ ref('stg_lean__gains') }} as gains
        on events.gain_id = gains.gain_id
    where gains.gain_id is null
    group by events.gain_id
)

select
    gain_id,
    issue,
    other_gain_id,
    concat_ws('/', gain_id, issue, other_gain_id) as issue_id
from found
