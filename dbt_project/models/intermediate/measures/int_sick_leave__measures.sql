{{ config(materialized='view') }}
-- Measures from sick-leave spells, long; the persons are those behind agreed days.
{% set columns = [] %}
{% for measure in sick_leave_measures() %}
{% do columns.append((measure, measure, 'n_' ~ measure)) %}
{% endfor %}
{{ unpivot_measures(ref('int_sick_leave__unit_months'), columns, 'sick_leave.spells') }}
