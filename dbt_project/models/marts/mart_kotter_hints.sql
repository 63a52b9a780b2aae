-- Per started unit and Kotter step with a figure: whether the figure supports the step. A hint beside
-- what people have set, also where the unit has not come to the step.
with delivered as (
    select
        count(case when table_name = 'forum_attendance' and is_delivered then 1 end) > 0 as forum,
        count(case when table_name = 'board_meetings' and is_delivered then 1 end) > 0 as boards
    from {{ ref('int_activity__delivered') }}
),

hints as (
    {% for step, figure, supported in [
        (2, 'case when delivered.forum then hints.n_attended end', 'hints.n_attended > 0'),
        (5, 'hints.n_days', 'hints.n_days >= 6'),
        (6, 'hints.n_realised', 'hints.n_realised > 0'),
        (7, 'hints.n_pairs', 'hints.n_pairs > 0'),
        (8, 'case when delivered.boards and hints.mean_gap is not null then hints.n_meetings end',
         "hints.n_meetings > 0 and hints.mean_gap <= " ~ pitfall_limit('culture_gap', 'limit_2')),
    ] %}
    select
        hints.unit_id,
        {{ step }} as step,
        cast({{ figure }} as double) as figure,
        case
            when {{ figure }} is null then 'cannot_see' when {{ supported }} then 'yes' else 'no'
        end as supported,
        {{ 'hints.mean_gap' if step == 8 else 'cast(null as double)' }} as mean_gap
    from {{ ref('int_activity__kotter_hints') }} as hints
    cross join delivered
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    hints.unit_id,
    units.unit_name,
    cast(hints.step as integer) as step,
    {{ worded('names.step') }},
    {{ worded('names.hint') }},
    hints.figure,
    hints.mean_gap,
    hints.supported,
    {{ worded('support.supported') }},
    coalesce(standing.step >= hints.step, false) as is_claimed
from hints
inner join {{ ref('dim_units') }} as units
    on hints.unit_id = units.unit_id
inner join {{ ref('kotter_steps') }} as names
    on hints.step = names.step
inner join {{ ref('kotter_support') }} as support
    on hints.supported = support.supported
left join {{ ref('int_activity__kotter_now') }} as standing
    on hints.unit_id = standing.unit_id
order by hints.unit_id, hints.step
