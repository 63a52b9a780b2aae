{{ config(materialized='view') }}
-- Numerator and denominator of every metric per unit and month: signed sums of measures. A part is
-- there only when all of its measures are; a missing measure is not zero. Persons behind a part are
-- at least the persons behind its largest measure. What no sum can hold stays as large as it is, and
-- makes the cell missing.
with expected as (
    select metric_id, role, count(*) as n_measures
    from {{ ref('stg_municipality__metric_measures') }}
    group by metric_id, role
),

summed as (
    select
        parts.metric_id,
        parts.role,
        measures.unit_id,
        measures.month,
        case
            when max(abs(measures.value)) < {{ largest_part() }} then {{ exact_sum(
                'case when abs(measures.value) < ' ~ largest_part()
                ~ ' then parts.sign * measures.value end'
            ) }}
            else max(abs(measures.value))
        end as value,
        count(*) as n_measures,
        max(measures.n_persons) as n_persons,
        max(measures.n_persons_once) as n_persons_once,
        max(measures.n_contributors) as n_contributors
    from {{ ref('stg_municipality__metric_measures') }} as parts
    inner join {{ ref('int_measures_unioned') }} as measures
        on parts.measure_id = measures.measure_id
    group by parts.metric_id, parts.role, measures.unit_id, measures.month
)

select
    summed.metric_id,
    summed.role,
    summed.unit_id,
    summed.month,
    summed.value,
    summed.n_persons,
    summed.n_persons_once,
    summed.n_contributors
from summed
inner join expected
    on summed.metric_id = expected.metric_id
    and summed.role = expected.role
    and summed.n_measures = expected.n_measures
