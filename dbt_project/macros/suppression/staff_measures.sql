{# Measures of a unit's size, which everyone may know: what is measured against them and has no value
   tells of nobody. #}
{% macro staff_measures() -%}
    {{ return([
        'agreed_days', 'agreed_fte', 'contract_fte', 'employed_persons', 'n_employees', 'permanent_staff'
    ]) }}
{%- endmacro %}
