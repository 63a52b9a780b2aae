{{ config(materialized='view') }}
-- Why a metric has no figure in a month although something was delivered, by unit: the reason of the
-- first of its measures that was withheld. A new reason is one more branch in `gaps`.
with gaps as (
    -- days were reported, and too many of the unit's absences in the month met no position
    {% for measure in sick_leave_measures() %}
    select
        unit_id,
        month,
        '{{ measure }}' as measure_id,
        'unmatched_absences' as reason
    from {{ ref('int_sick_leave__unit_matches') }}
    where is_too_unmatched
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    gaps.unit_id,
    gaps.month,
    parts.metric_id,
    min(gaps.reason) as reason
from gaps
inner join {{ ref('stg_municipality__metric_measures') }} as parts
    on gaps.measure_id = parts.measure_id
group by gaps.unit_id, gaps.month, parts.metric_id
