{{ config(materialized='view') }}
-- Pitfall 4: new actions per employee, course half-year against a year later; is the culture gap closing.
with windows as (
    select
        unit_id,
        as_of_date,
        start_date as first_from,
        {{ add_months('start_date', 6) }} as first_to,
        {{ add_months('introduction_end_date', 12) }} as later_from,
        {{ add_months('introduction_end_date', 18) }} as later_to
    from {{ ref('int_activity__units') }}
),

actions as (
    select
        windows.unit_id,
        {% for part in ['first', 'later'] %}
        count(case
            when actions.registered_date >= windows.{{ part }}_from
                and actions.registered_date < windows.{{ part }}_to then 1
        end) as n_{{ part }}{{ "," if not loop.last }}
        {% endfor %}
    from windows
    left join {{ ref('stg_lean_activity__improvement_actions') }} as actions
        on windows.unit_id = actions.unit_id
    group by windows.unit_id
),

staff as (
    select
        windows.unit_id,
        {% for part in ['first', 'later'] %}
        avg(case
            when months.month >= windows.{{ part }}_from and months.month < windows.{{ part }}_to
                then months.n_employees
        end) as {{ part }}_employees{{ "," if not loop.last }}
        {% endfor %}
    from windows
    inner join {{ ref('int_hr__unit_months') }} as months
        on windows.unit_id = months.unit_id
    group by windows.unit_id
)

select
    windows.unit_id,
    'actions_fall' as signal_id,
    case
        when windows.later_to <= windows.as_of_date
            then 100e0 - 100e0
                * {{ ratio('n_later * first_employees', 'n_first * later_employees') }}
    end as value,
    actions.n_first as n,
    actions.n_later as n_other,
    windows.later_to as figure_date,
    windows.later_to as first_date,
    case
        when coalesce(windows.later_to > windows.as_of_date, true) then 'too_early'
        when actions.n_first = 0 then 'no_actions'
        else 'no_staff'
    end as reason,
    false as is_exempt
from windows
inner join actions
    on windows.unit_id = actions.unit_id
left join staff
    on windows.unit_id = staff.unit_id
union all
select
    units.unit_id,
    'culture_gap' as signal_id,
    changes.gap_change as value,
    changes.n_respondents as n,
    null as n_other,
    changes.survey_date as figure_date,
    changes.survey_date as first_date,
    'few_surveys' as reason,
    changes.mean_gap <= {{ pitfall_limit('culture_gap', 'limit_2') }} as is_exempt
from {{ ref('int_activity__units') }} as units
left join {{ ref('int_activity__culture_changes') }} as changes
    on units.unit_id = changes.unit_id and changes.is_latest
