{{ config(materialized='view') }}
-- Every decision on a new basis with the chart it is about and the points the new basis had when it
-- was decided. Without a cycle it is about the latest one that had started.
with decided as (
    select
        decisions.*,
        series.series_id,
        series.cycle_id as series_cycle_id,
        series.end_index,
        accepted.decision_id is not null as is_kept,
        row_number() over (
            partition by decisions.decision_id order by series.start_index desc nulls last, series.series_id asc
        ) as latest_no
    from {{ ref('stg_pukk_decisions__rebase_decisions') }} as decisions
    left join {{ ref('int_chart_series') }} as series
        on decisions.unit_id = series.unit_id
        and decisions.metric_id = series.metric_id
        and series.series = 'value'
        and series.cycle_id = coalesce(decisions.cycle_id, series.cycle_id)
        and series.start_index < {{ month_index('decisions.new_baseline_first_month') }}
    left join {{ ref('stg_ops__accepted_rebases') }} as accepted
        on decisions.decision_id = accepted.decision_id
    where decisions.kind = 'rebase'
),

counted as (
    select decided.decision_id, count(points.value) as n_points
    from decided
    left join {{ ref('int_chart_points') }} as points
        on decided.series_id = points.series_id
        and points.month between decided.new_baseline_first_month
        and least(
            coalesce(decided.new_baseline_last_month, decided.decided_date), decided.decided_date
        )
    where decided.latest_no = 1
    group by decided.decision_id
)

select decided.*, cast(counted.n_points as integer) as n_points
from decided
inner join counted
    on decided.decision_id = counted.decision_id
where decided.latest_no = 1
