{# The source tables whose rows are followed to what is published, and what no row of them may lose:
   each value of the key is in staging too. Ledger lines have no key and are followed one by one. #}
{% macro reconciled_tables() -%}
    {% set tables = [
        ('hr', 'positions', ['position_id']),
        ('sick_leave', 'spells', ['person_id', 'unit_id', 'start_date', 'absence_type']),
        ('sick_leave', 'unit_months', ['unit_id', 'month', 'definition']),
        ('unit_metrics', 'values', ['unit_id', 'month', 'measure_id']),
    ] %}
    {% for table in followed_tables() %}
        {% do tables.append((table.of, table.name, table.key)) %}
    {% endfor %}
    {{ return(tables) }}
{%- endmacro %}
