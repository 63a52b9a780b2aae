-- The truth table applied: one headline code per cycle and metric, what it rests on and why.
with classed as (
    select
        evidence.*,
        {{ effect_class() }} as effect_class
    from {{ ref('int_headline_evidence') }} as evidence
)

select
    classed.*,
    rules.headline,
    rules.basis,
    rules.lowered_by as rule_lowered_by,
    case
        when rules.basis <> 'none' then null
        when rules.headline = 'not_interpretable' and classed.is_nominal then 'nominal_prices'
        when classed.effect_class = classed.measured_verdict then classed.measured_reason
        when classed.effect_reason = 'few_persons' then 'few_employees'
        when classed.effect_reason = 'short_history' then 'preliminary'
        when classed.effect_reason = 'preliminary' then 'before_look'
        when rules.headline = 'not_interpretable'
            then coalesce(classed.void_reason, classed.effect_reason)
        when classed.effect_class <> 'no_comparison' then classed.effect_reason
    end as gate_reason,
    case
        when classed.effect_class = 'no_comparison' and rules.headline <> 'not_interpretable'
            then coalesce(
                classed.effect_reason,
                case when classed.is_first_cycle then 'not_compared' else 'later_cycle' end
            )
    end as comparison_reason
from classed
inner join {{ ref('headline_rules') }} as rules
    on classed.effect_class = rules.effect_class
    and rules.chart_verdict in (classed.chart_verdict, '*')
