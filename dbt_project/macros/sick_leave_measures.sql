{# The measures that come from sick-leave spells. #}
{% macro sick_leave_measures() -%}
    {{ return([
        'sick_days', 'sick_days_short', 'sick_days_medium', 'sick_days_long',
        'sick_days_self_certified', 'sick_days_certified', 'sick_days_graded', 'sick_cases'
    ]) }}
{%- endmacro %}
