{# The longest case, in calendar days, that is short or medium; a longer one is long. #}
{% macro short_case_max_days() -%}
16
{%- endmacro %}
{% macro medium_case_max_days() -%}
56
{%- endmacro %}

{# Measures that ask how long a case was: until it is over they move from one to another. #}
{% macro duration_measures() -%}
    {% set found = [] %}
    {% for measure, condition in sick_leave_groups().items() if 'duration_group' in condition %}
        {% do found.append(measure) %}
    {% endfor %}
    {{ return(found) }}
{%- endmacro %}

{# Which sick days each measure counts, as a condition on int_sick_leave__case_days. #}
{% macro sick_leave_groups() -%}
    {{ return({
        'sick_days': "true",
        'sick_days_short': "duration_group = 'short'",
        'sick_days_medium': "duration_group = 'medium'",
        'sick_days_long': "duration_group = 'long'",
        'sick_days_self_certified': "absence_type = 'self_certified'",
        'sick_days_certified': "absence_type = 'certified'",
        'sick_days_graded': "grade_pct < 100",
    }) }}
{%- endmacro %}
