{# The points after, one row per series and phase: how many, their mean, and the side the last six
   lie on. A rate's mean is sum over sum.

   judged: chart, scale, numerator, denominator, value, centre, is_baseline, is_after, and
   latest_no: 1 for the latest present point after. #}
{% macro after_size(judged) -%}
select
    series_id,
    phase_no,
    n_before,
    n_after,
    weight_before,
    weight_after,
    mean_after,
    {{ side_of('mean_last_six', 'centre') }} as held_side
from (
    select
        series_id,
        phase_no,
        max(centre) as centre,
        count(case when is_baseline then value end) as n_before,
        count(case when is_after then value end) as n_after,
        {% for name, condition in [('before', 'is_baseline'), ('after', 'is_after')] %}
        {{ exact_sum('case when ' ~ condition ~ ' and value is not null then weight end') }}
            as weight_{{ name }},
        {% endfor %}
        {% for name, condition in [('after', 'is_after'), ('last_six', 'is_after and latest_no <= 6')] %}
        {{ mean_of(condition) }} as mean_{{ name }}{{ "," if not loop.last }}
        {% endfor %}
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
