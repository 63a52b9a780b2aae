-- Years of units and months of groups, of what units show per year, that an edition hid, and those it
-- showed: all of it counted in one, and none hid it. What readers have seen is known, and hides no other.
-- A group that could not be shown for a reason that is not kept (too few units) is told as shown: as
-- long as the reason stands it is hidden behind its total all the same.
with counted as (
    select
        months.unit_id,
        months.sector,
        steps.step_id,
        months.metric_id,
        months.month,
        calendar.year,
        kept.was_shown
    from {{ ref('stg_ops__counted_cells') }} as kept
    inner join {{ ref('int_metric_steps') }} as steps
        on kept.metric_id = steps.metric_id
    inner join {{ ref('int_metric_months') }} as months
        on kept.unit_id = months.unit_id and kept.metric_id = months.metric_id
        and kept.month = months.month
    inner join {{ ref('int_months') }} as calendar
        on kept.month = calendar.month
),

cells as (
    select
        'unit' as level,
        concat(unit_id, '/', sector) as group_id,
        step_id as family_id,
        cast(year as {{ type_text() }}) as period
    from counted
    where was_shown
    group by unit_id, sector, step_id, year
    having count(distinct month) = 12
    {% for level, group_id in [('sector', 'sector'), ('municipality', "'all'")] %}
    union all
    select
        '{{ level }}' as level,
        {{ group_id }} as group_id,
        step_id as family_id,
        {{ month_label('month') }} as period
    from counted
    where was_shown
    group by {{ group_id ~ ', ' if level == 'sector' }}step_id, month
    {% endfor %}
)

select cells.level, cells.group_id, cells.family_id, cells.period, false as is_hidden
from cells
left join {{ ref('stg_ops__hidden_cells') }} as hidden
    on cells.level = hidden.level and cells.group_id = hidden.group_id
    and cells.family_id = hidden.family_id and cells.period = hidden.period
where hidden.period is null
union all
select level, group_id, family_id, period, true as is_hidden
from {{ ref('stg_ops__hidden_cells') }}
