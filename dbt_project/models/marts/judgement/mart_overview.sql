-- How many headlines of each kind there are, and how many improvements chance alone would give: only
-- among those that can be called improved, by the rule that judged each. What is another metric seen
-- from the other side is counted with that one, and by itself only under its own name. What is shown
-- is each unit's newest round, by the metrics that are no part of another and by what the round agreed
-- on beforehand; a unit's own row counts that.
with rated as (
    select
        headlines.*,
        rates.rate,
        max(headlines.cycle_no) over (partition by headlines.unit_id) = headlines.cycle_no
        and case
            when headlines.tested_as = 'registered' then true
            when metrics.is_core then metrics.split_of is null
            else metrics.is_headline
        end as is_shown
    from {{ ref('mart_headlines') }} as headlines
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on headlines.metric_id = metrics.metric_id
    left join {{ ref('false_alarm_rates') }} as rates
        on {{ better_side('metrics.direction') }} <> 0 and not headlines.is_twin
        and rates.judged_by = {{ judged_by() }}
),

scoped as (
    {% for scope_type, scope_id, condition in [
        ('municipality', "'all'", 'not is_twin'),
        ('shown', "'all'", 'is_shown and not is_twin'),
        ('pilots', "'pilots'", 'is_pilot and not is_twin'),
        ('wave', 'cast(wave as ' ~ type_text() ~ ')', 'wave is not null and not is_twin'),
        ('sector', 'sector', 'not is_twin'),
        ('metric', 'metric_id', 'true'),
        ('unit', 'unit_id', 'is_shown and not is_twin'),
    ] -%}
    select '{{ scope_type }}' as scope_type, {{ scope_id }} as scope_id, headline_group, basis, rate
    from rated
    where {{ condition }}
    {{ 'union all ' if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        scope_type,
        scope_id,
        count(*) as n_series,
        count(case when basis = 'comparison' then 1 end) as n_by_comparison,
        count(case when basis = 'chart' then 1 end) as n_by_chart,
        {% for group in ['improved', 'worsened', 'changed'] %}
        count(case when headline_group = '{{ group }}' and basis = 'comparison' then 1 end)
            as n_{{ group }},
        count(case when headline_group = '{{ group }}' and basis = 'chart' then 1 end)
            as n_association{{ '' if group == 'improved' else '_' ~ group }},
        {% endfor %}
        {% for group in [
            'no_change', 'cannot_tell', 'too_little_data', 'not_interpretable', 'suppressed'
        ] %}
        count(case when headline_group = '{{ group }}' then 1 end) as n_{{ group }},
        {% endfor %}
        {{ exact_sum('coalesce(rate, 0e0)') }} as expected_by_chance
    from scoped
    group by scope_type, scope_id
)

select
    scope_type,
    scope_id,
    {% for column in [
        'n_series', 'n_by_comparison', 'n_by_chart', 'n_improved', 'n_association', 'n_worsened',
        'n_association_worsened', 'n_changed', 'n_association_changed', 'n_no_change',
        'n_cannot_tell', 'n_too_little_data', 'n_not_interpretable', 'n_suppressed'
    ] %}
    cast({{ column }} as integer) as {{ column }},
    {% endfor %}
    round(expected_by_chance, 6) as expected_by_chance
from counted
order by scope_type, scope_id
