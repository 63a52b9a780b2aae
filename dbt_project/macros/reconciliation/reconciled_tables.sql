{# The source tables whose rows are followed to what is published, and what no row of them may lose:
   each value of the key is in staging too. Ledger lines have no key and are followed one by one. #}
{% macro reconciled_tables() -%}
    {{ return([
        {'of': 'hr', 'name': 'positions', 'key': ['position_id']},
        {'of': 'sick_leave', 'name': 'spells',
            'key': ['person_id', 'unit_id', 'start_date', 'absence_type']},
        {'of': 'sick_leave', 'name': 'unit_months', 'key': ['unit_id', 'month', 'definition']},
        {'of': 'unit_metrics', 'name': 'values', 'key': ['unit_id', 'month', 'measure_id']},
    ] + tables_followed_by_month() + followed_tables()) }}
{%- endmacro %}
