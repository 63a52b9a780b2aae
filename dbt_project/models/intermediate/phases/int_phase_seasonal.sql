{{ config(materialized='view') }}
-- Difference with the season taken out: per calendar month present on both sides, after minus
-- before (each a sum over sum), then the mean over those calendar months.
with sides as (
    select
        cycle_id,
        metric_id,
        month_no,
        {% for side, phase in [('before', 'baseline'), ('after', 'after')] %}
        sum(case when phase = '{{ phase }}' then cast(numerator as decimal(38, 9)) end)
            as numerator_{{ side }},
        sum(case when phase = '{{ phase }}' then cast(denominator as decimal(38, 9)) end)
            as denominator_{{ side }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_phase_months') }}
    where is_in_window and value is not null
    group by cycle_id, metric_id, month_no
),

differences as (
    select
        cycle_id,
        metric_id,
        {{ ratio('numerator_after', 'denominator_after') }}
        - {{ ratio('numerator_before', 'denominator_before') }} as difference
    from sides
)

select
    cycle_id,
    metric_id,
    cast(count(difference) as integer) as n_calendar_months,
    {{ exact_avg('difference') }} as seasonal_ratio_difference
from differences
group by cycle_id, metric_id
