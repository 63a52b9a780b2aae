-- What the two instruments say about each cycle and metric. The complement of another metric (nærvær
-- of sykefravær) is the same finding seen from the other side: it takes that one's verdicts, gates and
-- lowering, and its figures mirrored. An effect in per cent of the partner is told in points.
{% set same = ['cycle_id', 'unit_id', 'start_date', 'measured_verdict', 'measured_reason', 'caveats',
    'is_first_cycle', 'effect_verdict', 'effect_reason', 'effect_precision', 'effect_persistence', 'q',
    'p_better', 'tested_as', 'n_tested', 'flag_bad_start_year', 'flag_budget_cut', 'flag_leader_change',
    'flag_reorganisation', 'flag_did_disagrees', 'n_before', 'n_after', 'chart_verdict', 'void_reason',
    'season_method', 'limit_label'] %}
{% set turned = [('seasonal_delta', 'seasonal_delta'), ('anyway', 'anyway'), ('chart_change', 'chart_change'), ('chart_change_low', 'chart_change_high'),
    ('chart_change_high', 'chart_change_low')] %}
{% set estimated = [('cf_delta', 'cf_delta'), ('cf_lo', 'cf_hi'), ('cf_hi', 'cf_lo'),
    ('eb_delta', 'eb_delta')] %}
select
    {% for column in same %}
    own.{{ column }},
    {% endfor %}
    own.metric_id,
    false as is_twin,
    coalesce(metrics.is_nominal, false) as is_nominal,
    own.effect_unit,
    own.mde80,
    own.value_before,
    own.value_after,
    {% for column, other in turned + estimated %}
    own.{{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_headline_own_evidence') }} as own
inner join {{ ref('stg_municipality__metrics') }} as metrics
    on own.metric_id = metrics.metric_id
where metrics.complement_of is null

union all

select
    {% for column in same %}
    partners.{{ column }},
    {% endfor %}
    own.metric_id,
    true as is_twin,
    coalesce(metrics.is_nominal, false) as is_nominal,
    case when partners.effect_unit is not null then 'raw' end as effect_unit,
    abs({{ in_points('partners.mde80') }}) as mde80,
    metrics.scale - partners.value_before as value_before,
    metrics.scale - partners.value_after as value_after,
    {% for column, other in turned %}
    -partners.{{ other }} as {{ column }},
    {% endfor %}
    {% for column, other in estimated %}
    -{{ in_points('partners.' ~ other) }} as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_headline_own_evidence') }} as own
inner join {{ ref('stg_municipality__metrics') }} as metrics
    on own.metric_id = metrics.metric_id
inner join {{ ref('int_headline_own_evidence') }} as partners
    on own.cycle_id = partners.cycle_id and metrics.complement_of = partners.metric_id
