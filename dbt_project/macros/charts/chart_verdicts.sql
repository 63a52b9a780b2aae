{# Has anything happened since the start, by a stricter rule than the colours of the points? A run on one
   side among the points after, long enough for how many there are and how alike neighbours are, that
   the last six still hold; else signs by the rules of the points with widened limits. First hit wins.
   `only_outside`: no run counts, and less than two years before is too little, for the season is still
   in the figures.

   changes: from chart_changes. signs: from chart_signs. #}
{% macro chart_verdicts(changes, signs, settings) -%}
{% set better = 'not only_outside and longest_run_better >= required_run' -%}
{% set worse = 'not only_outside and longest_run_worse >= required_run' -%}
select
    measures.*,
    case
        when n_before < {{ settings.least_baseline }}
            or (only_outside and n_before < {{ settings.firm_baseline }})
            then 'not_enough_baseline'
        when n_after < {{ settings.least_after }} then 'too_early'
        when {{ better }} and {{ worse }} then 'mixed'
        when ({{ better }} or {{ worse }}) and better_side = 0 then case
            when held_side = case when {{ better }} then up_side else -up_side end
                then 'sustained_change'
            else 'changed_then_lost'
        end
        when {{ better }} and held_side = up_side then 'sustained_improvement'
        when {{ better }} then 'improved_then_lost'
        when {{ worse }} and held_side = -up_side then 'sustained_deterioration'
        when {{ worse }} then 'deteriorated_then_recovered'
        when has_better and has_worse then 'mixed'
        when (has_better or has_worse) and better_side = 0 then 'sign_of_change'
        when has_better then 'sign_of_improvement'
        when has_worse then 'sign_of_deterioration'
        else 'no_change_detected'
    end as verdict
from (
    select
        changes.*,
        coalesce(signs.better_side, 0) as better_side,
        case when coalesce(signs.better_side, 0) = 0 then 1 else signs.better_side end as up_side,
        coalesce(signs.only_outside, false) as only_outside,
        coalesce(signs.longest_run_better, 0) as longest_run_better,
        coalesce(signs.longest_run_worse, 0) as longest_run_worse,
        coalesce(signs.has_better, false) as has_better,
        coalesce(signs.has_worse, false) as has_worse,
        case
            when changes.n_before >= {{ settings.least_baseline }}
                and changes.n_after >= {{ settings.least_after }}
                then cast(round(log2(greatest(signs.n_useful, 1))) as integer) + 4 + changes.extra_points
        end as required_run
    from {{ changes }} as changes
    left join {{ signs }} as signs
        on changes.series_id = signs.series_id and changes.phase_no = signs.phase_no
) as measures
{%- endmacro %}
