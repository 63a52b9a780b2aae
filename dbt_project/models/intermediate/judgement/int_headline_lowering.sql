-- What lowers the certainty of a judged headline: one row per cycle and metric with any, the codes.
-- What a chart cannot do counts only where the chart is what judges.
with found as (
    {% for code, condition in [
        ('bad_start_year', 'flag_bad_start_year'),
        ('baseline_restated', "caveats like '%baseline_restated%'"),
        ('budget_cut', "flag_budget_cut or caveats like '%budget_cut%'"),
        ('did_disagrees', 'flag_did_disagrees'),
        ('instruments_disagree', "rule_lowered_by = 'instruments_disagree'"),
        ('leader_change', "flag_leader_change or caveats like '%leader_change%'"),
        ('preliminary', "basis = 'chart' and limit_label = 'preliminary'"),
        ('reorganisation_near', "flag_reorganisation or caveats like '%reorganisation%'"),
        ('season_not_removed', "basis = 'chart' and season_method = 'not_removed'"),
    ] %}
    select cycle_id, metric_id, '{{ code }}' as code
    from {{ ref('int_headline_verdicts') }}
    where basis <> 'none' and ({{ condition }})
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    found.cycle_id,
    found.metric_id,
    {{ text_list('found.code') }} as lowered_by
from found
group by found.cycle_id, found.metric_id
