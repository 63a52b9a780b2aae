{# The verdict held against what units that have not started do by themselves. A run alone says sustained
   too often, since levels drift over years and months resemble each other: 10 to 25 of 100 simulated
   charts without any change. So the change must also lie outside its interval widened by the drift of
   the metric, and an improvement does not count after an unusually bad last year before the start: it
   was to be expected. What falls short is a sign.

   verdicts: from chart_verdicts. drift: series_id, drift, usual_bump. #}
{% macro verdict_drift(verdicts, drift) -%}
select
    measures.*,
    case
        when verdict = 'sustained_improvement' and (is_bad_start_year or abs(change) <= drift_margin)
            then 'sign_of_improvement'
        when verdict = 'sustained_deterioration' and abs(change) <= drift_margin
            then 'sign_of_deterioration'
        when verdict = 'sustained_change' and abs(change) <= drift_margin
            then 'sign_of_change'
        else verdict
    end as held_verdict
from (
    select
        verdicts.*,
        greatest(
            verdicts.change_margin,
            1.96e0 * drift.drift * verdicts.sigma * sqrt(
                1e0 / nullif(verdicts.weight_before, 0e0) + 1e0 / nullif(verdicts.weight_after, 0e0)
            )
        ) as drift_margin,
        coalesce(
            verdicts.better_side * verdicts.bump
            < -drift.usual_bump * verdicts.sigma * verdicts.bump_root, false
        ) as is_bad_start_year
    from {{ verdicts }} as verdicts
    inner join {{ drift }} as drift
        on verdicts.series_id = drift.series_id
) as measures
{%- endmacro %}
