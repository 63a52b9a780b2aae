{{ config(materialized='view') }}
-- Pitfall 6: months measured before the first cycle began and in the first twelve months after its
-- introduction, in the metric the unit chose, else in the one measured best. Hidden months are not
-- counted; a unit whose months are all hidden cannot be judged.
with counted as (
    select
        units.unit_id,
        months.metric_id,
        count(case when months.phase = 'baseline' then months.value end) as n_before,
        count(case
            when months.phase = 'after'
                and {{ month_index('months.month') }}
                <= {{ month_index('units.introduction_end_date') }}
                + {{ pitfall_limit('no_after', 'limit_2') }}
                then months.value
        end) as n_after,
        count(months.suppression_reason) as n_hidden,
        count(months.value) as n_shown
    from {{ ref('int_activity__units') }} as units
    inner join {{ ref('int_phase_months') }} as months
        on units.cycle_id = months.cycle_id
    group by units.unit_id, months.metric_id
),

best as (
    select
        counted.unit_id,
        max(case when chosen.metric_id is not null then counted.n_before end) as chosen_before,
        max(case when chosen.metric_id is not null then counted.n_after end) as chosen_after,
        max(counted.n_before) as best_before,
        max(counted.n_after) as best_after,
        sum(counted.n_shown) as n_shown
    from counted
    inner join {{ ref('int_activity__units') }} as units
        on counted.unit_id = units.unit_id
    left join {{ ref('int_lean__cycles') }} as chosen
        on units.cycle_id = chosen.cycle_id and counted.metric_id = chosen.metric_id
    group by counted.unit_id
),

points as (
    select
        units.unit_id,
        units.start_date,
        {{ add_months('units.introduction_end_date', 12) }} as after_date,
        coalesce(
            {{ add_months('units.introduction_end_date', 12) }} <= units.as_of_date, false
        ) as is_after_due,
        case
            when best.n_shown > 0 then coalesce(best.chosen_before, best.best_before)
        end as n_before,
        case
            when best.n_shown > 0 then coalesce(best.chosen_after, best.best_after)
        end as n_after
    from {{ ref('int_activity__units') }} as units
    left join best
        on units.unit_id = best.unit_id
)

{% for signal, value, day, reason in [
    ('no_baseline', 'n_before', 'start_date', "'no_metric'"),
    ('short_baseline', 'nullif(n_before, 0)', 'start_date',
     "case when n_before = 0 then 'no_baseline' else 'no_metric' end"),
    ('no_after', 'case when is_after_due then n_after end', 'after_date',
     "case when is_after_due then 'no_metric' else 'too_early' end"),
] %}
select
    unit_id,
    '{{ signal }}' as signal_id,
    cast({{ value }} as double) as value,
    null as n,
    null as n_other,
    {{ day }} as figure_date,
    {{ day }} as first_date,
    {{ reason }} as reason
from points
{% if not loop.last %}union all{% endif %}
{% endfor %}
