-- Which tables of the everyday of Lean have been delivered at all. What is not, cannot be judged.
{% for table in [
    'board_meetings', 'forum_attendance', 'improvement_actions', 'culture_surveys',
    'factor_surveys', 'kotter_steps', 'coaches', 'planned_course_days', 'gain_plans'
] %}
select
    '{{ table }}' as table_name,
    count(*) > 0 as is_delivered
from {{ ref('stg_lean_activity__' ~ table) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
