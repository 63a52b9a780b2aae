{{ config(materialized='view') }}
-- Measures that are withheld although days were reported, and why: too many of the unit's absences
-- in the month met no position.
{% for measure in sick_leave_measures() %}
select
    unit_id,
    month,
    '{{ measure }}' as measure_id,
    'unmatched_absences' as reason
from {{ ref('int_sick_leave__unit_matches') }}
where is_too_unmatched
{% if not loop.last %}union all{% endif %}
{% endfor %}
