{# What Lean costs, put together per year, with what it comes to so far.

   courses, accounts, set_aside, realised: the parts, one row per year each. #}
{% macro lean_cost_years(courses, accounts, set_aside, realised) -%}
with years as (
    select
        levels.year,
        courses.n_course_days,
        courses.n_course_days_uncounted,
        courses.n_participations,
        courses.n_participations * profile.hours_per_course_day as course_hours,
        courses.n_participations * profile.hours_per_course_day
        * profile.fte_cost_nok / profile.hours_per_fte * levels.price_level as course_nok,
        accounts.development_unit_nok,
        set_aside.set_aside_nok,
        coalesce(realised.realised_fte, 0e0) as realised_fte,
        coalesce(realised.counted_fte, 0e0) as counted_fte
    from {{ ref('int_price_levels') }} as levels
    cross join {{ ref('stg_municipality__profile') }} as profile
    left join {{ courses }} as courses
        on levels.year = courses.year
    left join {{ accounts }} as accounts
        on levels.year = accounts.year
    left join {{ set_aside }} as set_aside
        on levels.year = set_aside.year
    left join {{ realised }} as realised
        on levels.year = realised.year
),

costs as (
    select
        years.*,
        case
            when course_nok is not null or development_unit_nok is not null
                then coalesce(course_nok, 0e0) + coalesce(development_unit_nok, 0e0)
        end as cost_nok
    from years
)

select
    costs.*,
    {{ exact_sum('cost_nok', '(order by year)') }} as cost_so_far_nok,
    {{ exact_sum('realised_fte', '(order by year)') }} as realised_so_far_fte
from costs
{%- endmacro %}
