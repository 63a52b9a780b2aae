{# CTEs `chart_bumps` and `drifted_verdicts`: the verdict held against what units that have not
   started do by themselves. A run alone says sustained too often, since levels drift over years and
   months resemble each other: 10 to 25 of 100 simulated charts without any change. So the change
   must also lie outside its interval widened by the drift of the metric, and an improvement does
   not count after an unusually bad last year before the start: it was to be expected. What falls
   short is a sign.

   points: as for chart_verdicts. verdicts: chart_verdicts. drift: series_id, drift, usual_bump. #}
{% macro verdict_drift(points, verdicts, drift) -%}
{%- set late = 'is_baseline and seq > last_seq - 12' -%}
{%- set early = 'is_baseline and seq <= last_seq - 12' -%}
chart_bumps as (
    select
        series_id,
        {{ mean_of(late) }} - {{ mean_of(early) }} as bump,
        sqrt(1e0 / nullif({{ exact_sum('case when ' ~ late ~ ' and value is not null then weight end') }}, 0e0)
            + 1e0
            / nullif({{ exact_sum('case when ' ~ early ~ ' and value is not null then weight end') }}, 0e0)
        ) as bump_root
    from (
        select
            points.*,
            {{ root_of_weight('points') }} * {{ root_of_weight('points') }} as weight,
            max(case when is_baseline then seq end) over (partition by series_id) as last_seq
        from {{ points }} as points
    ) as points
    group by series_id
),

drifted_measures as (
    select
        verdicts.*,
        greatest(
            verdicts.change_margin,
            1.96e0 * drift.drift * verdicts.sigma * sqrt(
                1e0 / nullif(verdicts.weight_before, 0e0) + 1e0 / nullif(verdicts.weight_after, 0e0)
            )
        ) as drift_margin,
        coalesce(
            verdicts.better_side * bumps.bump
            < -drift.usual_bump * verdicts.sigma * bumps.bump_root, false
        ) as is_bad_start_year
    from {{ verdicts }} as verdicts
    inner join {{ drift }} as drift
        on verdicts.series_id = drift.series_id
    left join chart_bumps as bumps
        on verdicts.series_id = bumps.series_id
),

drifted_verdicts as (
    select
        measures.*,
        case
            when verdict = 'sustained_improvement'
                and (is_bad_start_year or abs(change) <= drift_margin)
                then 'sign_of_improvement'
            when verdict = 'sustained_deterioration' and abs(change) <= drift_margin
                then 'sign_of_deterioration'
            when verdict = 'sustained_change' and abs(change) <= drift_margin
                then 'sign_of_change'
            else verdict
        end as held_verdict
    from drifted_measures as measures
)
{%- endmacro %}
