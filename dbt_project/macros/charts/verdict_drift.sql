{# The verdict held against what units that have not started do by themselves. A run alone says sustained
   too often, since levels drift over years and months resemble each other: 10 to 25 of 100 simulated
   charts without any change. So the change must also lie outside its interval widened by the drift of
   the metric, and an improvement does not count after an unusually bad last year before the start: it
   was to be expected. What falls short is a sign where the change lies outside its own interval, and so is
   what the points' rules find, when the mean after lies on that side, outside the widened interval at
   90 %: by the rules alone two of three charts without any change have a sign. Runs on both sides are told
   as they are.

   verdicts: from chart_verdicts. drift: series_id, drift, usual_bump. #}
{% macro verdict_drift(verdicts, drift) -%}
select
    measures.*,
    case
        when not (verdict like 'sustained%' or verdict like 'sign_of%' or verdict = 'mixed')
            then verdict
        when verdict like 'sustained%' and abs(change) > drift_margin
            and not (verdict = 'sustained_improvement' and is_bad_start_year) then verdict
        when verdict = 'mixed' and least(longest_run_better, longest_run_worse) >= required_run
            then verdict
        when verdict like 'sustained%' and not abs(change) > change_margin
            then 'no_change_detected'
        when not verdict like 'sustained%'
            and not coalesce(abs(change) > 1.645e0 / 1.96e0 * drift_margin, false)
            then 'no_change_detected'
        when change * up_side > 0 and has_better
            then case when better_side = 0 then 'sign_of_change' else 'sign_of_improvement' end
        when change * up_side < 0 and has_worse
            then case when better_side = 0 then 'sign_of_change' else 'sign_of_deterioration' end
        else 'no_change_detected'
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
