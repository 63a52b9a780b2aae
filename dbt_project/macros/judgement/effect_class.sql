{# What the comparison says, gates first: the first axis of the truth table headline_rules. The gates
   of the windows count as much as those of the effects; a metric or cycle the effects have no row for
   is not compared. The columns are those of int_headline_evidence. #}
{% macro effect_class() -%}
case
    when measured_verdict = 'suppressed' or effect_verdict = 'suppressed' then 'suppressed'
    when is_nominal then 'not_interpretable'
    when measured_verdict = 'not_interpretable' or effect_verdict = 'not_interpretable'
        then 'not_interpretable'
    when measured_verdict = 'too_little_data' then 'too_little_data'
    when effect_verdict is null then 'no_comparison'
    when effect_verdict = 'too_little_data'
        then case
            when effect_reason in ('few_untreated', 'model_check', 'no_model') then 'no_comparison'
            else 'too_little_data'
        end
    when effect_verdict = 'no_detectable_change' then effect_precision
    when effect_verdict = 'improved'
        then concat('improved_', coalesce(effect_persistence, 'unclear'))
    when effect_verdict = 'worsened' and effect_persistence = 'lasted' then 'worsened_lasted'
    else effect_verdict
end
{%- endmacro %}
