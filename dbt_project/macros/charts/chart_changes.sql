{# How large the change is, one row per series and phase: points and means before and after, the side the
   last six lie on, the interval of the change, and how far the last year before lies from the earlier
   ones. A rate's mean is sum over sum.

   judged: from judged_points. #}
{% macro chart_changes(judged) -%}
select
    sums.*,
    {{ side_of('mean_last_six', 'centre') }} as held_side,
    mean_after - centre as change,
    1.96e0 * sigma_adjusted * sqrt(
        (1e0 / nullif(weight_before, 0e0) + 1e0 / nullif(weight_after, 0e0)) * (1e0 + rho) / (1e0 - rho)
    ) as change_margin,
    mean_late - mean_early as bump,
    sqrt(1e0 / nullif(weight_late, 0e0) + 1e0 / nullif(weight_early, 0e0)) as bump_root
from (
    select
        series_id,
        phase_no,
        max(centre) as centre,
        max(sigma) as sigma,
        max(autocorrelation) as autocorrelation,
        max(rho) as rho,
        max(extra_points) as extra_points,
        max(sigma_adjusted) as sigma_adjusted,
        count(case when is_baseline then value end) as n_before,
        count(case when is_after then value end) as n_after,
        {% for name, condition in [
            ('before', 'is_baseline'), ('after', 'is_after'),
            ('late', 'is_baseline and seq > last_seq - 12'),
            ('early', 'is_baseline and seq <= last_seq - 12')] -%}
        {{ exact_sum('case when ' ~ condition ~ ' and value is not null then weight end') }}
            as weight_{{ name }},
        {{ mean_of(condition) }} as mean_{{ name }},
        {% endfor -%}
        {{ mean_of('is_after and latest_no <= 6') }} as mean_last_six
    from {{ judged }}
    group by series_id, phase_no
) as sums
{%- endmacro %}

{# Aggregate: the mean of the points that meet a condition; for a rate sum over sum. #}
{% macro mean_of(condition) -%}
case
    when max(chart) = 'iprime' then max(scale)
        * {{ exact_sum('case when ' ~ condition ~ ' and value is not null then numerator end') }}
        / nullif({{ exact_sum(
            'case when ' ~ condition ~ ' and value is not null then denominator end'
        ) }}, 0e0)
    else {{ exact_avg('case when ' ~ condition ~ ' then value end') }}
end
{%- endmacro %}
