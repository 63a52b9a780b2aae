-- One row per thing that is wrong with a gain. An error is a gain that is not counted before someone
-- has sorted it out; it marks the row and never stops the night.
select
    issues.issue_id,
    issues.gain_id,
    gains.unit_id,
    units.unit_name,
    issues.issue,
    codes.severity,
    issues.other_gain_id,
    {{ worded('codes.issue') }}
from {{ ref('int_gains__issues') }} as issues
inner join {{ ref('gain_issues') }} as codes
    on issues.issue = codes.issue
left join {{ ref('int_gains__register') }} as gains
    on issues.gain_id = gains.gain_id
left join {{ ref('dim_units') }} as units
    on gains.unit_id = units.unit_id
order by issues.issue_id
