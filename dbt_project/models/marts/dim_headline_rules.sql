-- The truth table of the headline, as it is used: what the comparison says and what the chart says.
select
    rules.effect_class,
    {{ worded('classes.label', 'effect_class') }},
    rules.chart_verdict,
    {% call(language) each_language() %}
    coalesce(verdicts.verdict_{{ language }}, others.label_{{ language }}) as chart_verdict_{{ language }}
    {% endcall %},
    rules.headline,
    headlines.headline_group,
    {{ worded('headlines.headline') }},
    rules.basis
from {{ ref('headline_rules') }} as rules
inner join {{ ref('headlines') }} as headlines
    on rules.headline = headlines.headline
inner join {{ ref('labels') }} as classes
    on rules.effect_class = classes.code and classes.domain = 'effect_class'
left join {{ ref('chart_verdicts') }} as verdicts
    on rules.chart_verdict = verdicts.verdict
left join {{ ref('labels') }} as others
    on rules.chart_verdict = others.code and others.domain = 'chart_verdict'
