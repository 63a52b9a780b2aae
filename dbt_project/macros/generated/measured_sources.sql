{# GENERATED, do not edit. Edit data_contracts/sources/*.odcs.yaml and run:
     python -m pipelines.contracts generate
   The sources that say which measures are made of them; those whose rows are followed by a model of
   their own; and the tables of the others, followed by unit and month. #}
{% macro measured_sources() -%}
    {{ return(['hr', 'ledger', 'sick_leave']) }}
{%- endmacro %}

{% macro sources_with_own_reconciliation() -%}
    {{ return(['hr', 'ledger', 'sick_leave']) }}
{%- endmacro %}

{% macro tables_followed_by_month() -%}
    {{ return([]) }}
{%- endmacro %}
