-- One row per gain in the register: reported potential and reported realised, never added together, and
-- what is known about it. A gain that counts has the status of its unit: the unit's realised sum is
-- what was measured, no single gain is.
select
    gains.gain_id,
    gains.unit_id,
    units.unit_name,
    units.sector,
    register.cycle_id,
    gains.title,
    gains.tool,
    gains.share_quality,
    gains.share_quantity,
    gains.share_saving,
    gains.gain_kind,
    gains.identified_date,
    cast(gains.identified_fte as double) as identified_fte,
    cast(register.realised_fte as double) as realised_fte,
    cast(register.counted_fte as double) as realised_counted_fte,
    register.status,
    register.status = 'dropped' as is_dropped,
    register.used_for,
    register.first_realised_date,
    register.last_event_date,
    register.evidence_kinds is not null as has_evidence,
    register.evidence_kinds,
    register.is_double_counted,
    judged.check_status,
    codes.status_group as check_status_group,
    {{ worded('codes.status', 'check_status') }},
    lasting.lasting_year_1,
    cast(lasting.realised_fte_year_1 as double) as realised_fte_year_1,
    lasting.lasting_year_2,
    cast(lasting.realised_fte_year_2 as double) as realised_fte_year_2,
    savings.saving_status,
    gains.metric_id,
    held.held_against,
    held.held_metric_id,
    {% call(language) each_language() %}
    held_metrics.label_{{ language }} as held_metric_{{ language }}
    {% endcall %},
    held.held_status,
    {{ worded('held_codes.status', 'held_status') }},
    coalesce(own_metrics.serves, types.serves) as serves,
    coalesce(own_metrics.principle, tools.principle) as principle,
    judged.metric_verdict,
    judged.metric_estimate,
    judged.metric_lo,
    judged.metric_hi,
    gains.owner_role,
    cast(gains.amount_nok as double) as amount_nok
from {{ ref('stg_lean__gains') }} as gains
inner join {{ ref('int_gains__register') }} as register
    on gains.gain_id = register.gain_id
inner join {{ ref('dim_units') }} as units
    on gains.unit_id = units.unit_id
inner join {{ ref('int_gain_checks__gains') }} as judged
    on gains.gain_id = judged.gain_id
left join {{ ref('gain_statuses') }} as codes
    on codes.status_set = 'check' and judged.check_status = codes.status
left join {{ ref('int_gain_checks__held') }} as held
    on gains.gain_id = held.gain_id
left join {{ ref('gain_statuses') }} as held_codes
    on held_codes.status_set = 'held' and held.held_status = held_codes.status
left join {{ ref('stg_municipality__metrics') }} as held_metrics
    on held.held_metric_id = held_metrics.metric_id
left join {{ ref('stg_municipality__metrics') }} as own_metrics
    on gains.metric_id = own_metrics.metric_id
left join {{ ref('stg_municipality__gain_tags') }} as tools
    on tools.tag_of = 'tool' and gains.tool = tools.code
left join {{ ref('stg_municipality__gain_tags') }} as types
    on types.tag_of = 'type' and types.code = {{ largest_share('gains') }}
left join {{ ref('int_gains__lasting') }} as lasting
    on gains.gain_id = lasting.gain_id
left join {{ ref('int_gains__savings') }} as savings
    on gains.gain_id = savings.gain_id
order by gains.gain_id
