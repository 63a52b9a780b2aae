{# Registers and what is told of Lean, table by table: the key no row may lose; the model behind what is
   published, and how a row of staging is found there (`found_by`, and `named` there, else the key); and
   what a row that is not there is instead (`unless`, `when` not always). Of a table without a model
   behind, the marts read staging themselves. What is shown as of the last day of the measured data has a date of its own
   (`dated`): what came later waits for the next month. #}
{% macro followed_tables() -%}
    {{ return(followed_registers() + followed_lean() + followed_activity()) }}
{%- endmacro %}

{% macro followed_registers() -%}
    {{ return([
        {'of': 'organisation', 'name': 'units', 'key': ['unit_id'], 'behind': 'int_units'},
        {'of': 'organisation', 'name': 'unit_codes', 'key': ['code_system', 'code', 'valid_from'],
            'behind': 'int_units', 'found_by': ['unit_id'], 'unless': 'unit_in_no_register'},
        {'of': 'organisation', 'name': 'unit_changes', 'key': ['from_unit_id', 'to_unit_id'],
            'behind': 'int_unit_changes', 'found_by': ['from_unit_id', 'to_unit_id', 'change_date']},
        {'of': 'pukk_decisions', 'name': 'rebase_decisions', 'key': ['decision_id']},
        {'of': 'pukk_decisions', 'name': 'cycle_steps', 'key': ['cycle_id', 'step', 'step_date'],
            'behind': 'int_lean__cycle_steps', 'unless': 'unknown_cycle'},
    ]) }}
{%- endmacro %}

{% macro followed_lean() -%}
    {{ return([
        {'of': 'lean', 'name': 'cycles', 'key': ['cycle_id'], 'behind': 'int_lean__cycles'},
        {'of': 'lean', 'name': 'course_days', 'key': ['cycle_id', 'day_no'],
            'behind': 'int_lean__cycles', 'found_by': ['cycle_id'], 'unless': 'counted_by_year'},
        {'of': 'lean', 'name': 'tool_uses', 'key': ['unit_id', 'use_date', 'tool'],
            'behind': 'int_lean__cycles', 'found_by': ['unit_id'], 'unless': 'unknown_cycle'},
        {'of': 'lean', 'name': 'gains', 'key': ['gain_id'], 'behind': 'int_gains__register'},
        {'of': 'lean', 'name': 'gain_events', 'key': ['gain_id', 'event_no'],
            'behind': 'int_gains__events', 'unless': 'unknown_gain'},
        {'of': 'lean', 'name': 'events', 'key': ['event_id'], 'behind': 'int_lean__events'},
    ]) }}
{%- endmacro %}

{% macro followed_activity() -%}
    {% set later = 'after_the_data' %}
    {% set of = 'lean_activity' %}
    {{ return([
        {'of': of, 'name': 'board_meetings', 'key': ['unit_id', 'meeting_date', 'board'],
            'behind': 'int_activity__anchoring_days', 'found_by': ['unit_id', 'meeting_date', 'board'],
            'named': ['unit_id', 'anchoring_date', 'kind']},
        {'of': of, 'name': 'forum_attendance', 'key': ['forum_date', 'unit_id'],
            'behind': 'int_activity__anchoring_days', 'found_by': ['unit_id', 'forum_date'],
            'named': ['unit_id', 'anchoring_date'],
            'unless': 'did_not_attend', 'when': 'not attended'},
        {'of': of, 'name': 'improvement_actions', 'key': ['action_id'],
            'behind': 'int_activity__actions', 'unless': later, 'dated': 'registered_date'},
        {'of': of, 'name': 'culture_surveys', 'key': ['unit_id', 'survey_date', 'statement_id'],
            'behind': 'int_activity__culture', 'unless': later, 'dated': 'survey_date'},
        {'of': of, 'name': 'factor_surveys', 'key': ['unit_id', 'survey_date', 'factor_id'],
            'behind': 'int_activity__factors'},
        {'of': of, 'name': 'kotter_steps', 'key': ['unit_id', 'step_date'],
            'behind': 'int_activity__kotter_steps', 'unless': later, 'dated': 'step_date'},
        {'of': of, 'name': 'coaches', 'key': ['coach_id', 'valid_from']},
        {'of': of, 'name': 'planned_course_days', 'key': ['cycle_id', 'day_no']},
        {'of': of, 'name': 'gain_plans', 'key': ['gain_id', 'plan_no']},
        {'of': of, 'name': 'maturity_overrides', 'key': ['unit_id', 'decided_date']},
        {'of': of, 'name': 'pitfall_notes', 'key': ['unit_id', 'pitfall_no', 'note_date']},
    ]) }}
{%- endmacro %}

{# SQL: what a row of a followed table is when the model behind it does not have it. #}
{% macro part_unless_found(table) -%}
    {%- if not table.behind -%}'used'
    {%- elif not table.unless -%}null
    {%- elif table.when -%}case when {{ table.when }} then '{{ table.unless }}' end
    {%- else -%}'{{ table.unless }}'
    {%- endif -%}
{%- endmacro %}
