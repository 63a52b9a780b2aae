-- The truth table of the headline, as it is used: what the comparison says and what the chart says.
select
    rules.effect_class,
    classes.label_nb as effect_class_nb,
    classes.label_en as effect_class_en,
    rules.chart_verdict,
    coalesce(verdicts.verdict_nb, others.label_nb) as chart_verdict_nb,
    coalesce(verdicts.verdict_en, others.label_en) as chart_verdict_en,
    rules.headline,
    headlines.headline_group,
    headlines.headline_nb,
    headlines.headline_en,
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
