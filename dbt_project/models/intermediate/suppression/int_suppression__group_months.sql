-- Why a group's month of a metric that units show per year may not stand on its own (NULL: it may).
-- Its units show no month, so the group's must say nothing of one: at least five units, of which none
-- is nearly all of a part or of what remains of the total, and three persons behind both.
with shares as (
    {% for level, group_id in [('sector', 'figures.sector'), ('municipality', "'all'")] %}
    select
        '{{ level }}' as level,
        {{ group_id }} as group_id,
        figures.metric_id,
        figures.month,
        figures.side,
        count(*) as n_units,
        {{ exact_sum('abs(figures.amount)') }} as total,
        max({{ needed_behind(
            'abs(figures.amount)', 'greatest(abs(figures.amount), coalesce(abs(figures.part), 0))'
        ) }}) as needed
    from {{ ref('int_suppression__part_figures') }} as figures
    cross join {{ ref('stg_municipality__profile') }} as level
    where figures.side <> 'remains'
    group by
        {{ group_id ~ ', ' if level == 'sector' }}figures.metric_id, figures.month, figures.side
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

spread as (
    select
        shares.level,
        shares.group_id,
        shares.metric_id,
        shares.month,
        min(shares.n_units) as n_units,
        min(case when {{ protects('shares.total', 'shares.needed') }} then 1 else 0 end) = 1
            as is_spread
    from shares
    group by shares.level, shares.group_id, shares.metric_id, shares.month
)

select
    levels.level,
    levels.group_id,
    levels.metric_id,
    levels.month,
    metrics.min_persons,
    coalesce(levels.n_persons_once, 0) as n_persons_once,
    case
        when metrics.is_by_duration and not months.is_settled then 'not_settled'
        when levels.n_persons is null then 'unknown_persons'
        when levels.n_persons < metrics.min_persons then 'split_few_persons'
        when hidden.reason is not null then hidden.reason
        when rests.month is not null then 'secondary'
        when coalesce(spread.n_units, 0) < {{ min_units_per_month() }} then 'few_units'
        when not spread.is_spread then 'few_contributors'
        when not metrics.is_split then null
        when behind.n_contributors is null then 'unknown_persons'
        when least(behind.n_contributors, behind.n_others) < {{ min_contributors() }}
            then 'few_contributors'
    end as reason
from {{ ref('int_metric_levels') }} as levels
inner join {{ ref('int_metrics') }} as metrics
    on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'year'
    and metrics.is_about_persons
inner join {{ ref('int_months') }} as months
    on levels.month = months.month
left join spread
    on levels.level = spread.level and levels.group_id = spread.group_id
    and levels.metric_id = spread.metric_id and levels.month = spread.month
left join {{ ref('int_metric_steps') }} as steps
    on levels.metric_id = steps.metric_id
left join {{ ref('int_sick_leave__group_months') }} as behind
    on levels.level = behind.level and levels.group_id = behind.group_id
    and levels.month = behind.month and steps.numerator_measure_id = behind.measure_id
left join {{ ref('int_suppression__totals') }} as hidden
    on metrics.parent_family_id = hidden.family_id and levels.level = hidden.level
    and levels.group_id = hidden.group_id and levels.month = hidden.month
left join {{ ref('int_suppression__pay_rests') }} as rests
    on metrics.family_id like 'pay/%' and levels.level = rests.level
    and levels.group_id = rests.group_id and levels.month = rests.month
where levels.level <> 'unit' and levels.has_data
