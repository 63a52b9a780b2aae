-- Lean maturity of every unit in the register at every month end: the level shown, the computed one,
-- what it was computed from and what would take the unit one level up. Where the first course day has
-- its date, nobody is asked to set one; a date that has passed is asked for anew.
with planned as (
    select unit_id, coalesce(start_date, planned_date) as planned_date
    from {{ ref('int_lean__cycles') }}
    where cycle_no = 1
),

ranked as (
    select
        levels.unit_id,
        levels.as_of_date,
        overrides.level,
        overrides.reason,
        overrides.decided_date,
        overrides.decided_by_role,
        row_number() over (
            partition by levels.unit_id, levels.as_of_date order by overrides.decided_date desc
        ) as newest
    from {{ ref('int_activity__maturity') }} as levels
    inner join {{ ref('stg_lean_activity__maturity_overrides') }} as overrides
        on levels.unit_id = overrides.unit_id and overrides.decided_date <= levels.as_of_date
)

select
    levels.unit_id,
    units.unit_name,
    units.sector,
    levels.as_of_date,
    levels.is_latest,
    cast(coalesce(overrides.level, levels.level) as integer) as level_shown,
    {{ worded('shown.level') }},
    cast(levels.level as integer) as level_computed,
    overrides.reason as override_reason,
    overrides.decided_date as override_date,
    overrides.decided_by_role as override_by_role,
    levels.meetings_per_month,
    levels.realised_fte,
    cast(levels.n_rounds as integer) as n_rounds_closed,
    cast(levels.months_kept as integer) as months_kept,
    case when levels.level is null then 'boards_not_delivered' end as missing_reason,
    {% call(language) each_language() %}
    case when levels.level is null then texts.text_{{ language }} end as missing_{{ language }}
    {% endcall %},
    case
        when levels.is_latest and coalesce(overrides.level, levels.level) = 0
            then planned.planned_date
    end as planned_date,
    {% call(language) each_language() %}
    case
        when levels.is_latest and planned.planned_date > levels.as_of_date
            then coalesce(shown.next_step_planned_{{ language }}, shown.next_step_{{ language }})
        when levels.is_latest and planned.planned_date <= levels.as_of_date
            then coalesce(shown.next_step_passed_{{ language }}, shown.next_step_{{ language }})
        else shown.next_step_{{ language }}
    end as next_step_{{ language }}
    {% endcall %}
from {{ ref('int_activity__maturity') }} as levels
inner join {{ ref('dim_units') }} as units
    on levels.unit_id = units.unit_id
left join planned
    on levels.unit_id = planned.unit_id
left join ranked as overrides
    on levels.unit_id = overrides.unit_id
    and levels.as_of_date = overrides.as_of_date and overrides.newest = 1
left join {{ ref('maturity_levels') }} as shown
    on coalesce(overrides.level, levels.level) = shown.level
left join {{ ref('pitfall_texts') }} as texts
    on texts.code = 'boards_not_delivered'
order by levels.unit_id, levels.as_of_date
