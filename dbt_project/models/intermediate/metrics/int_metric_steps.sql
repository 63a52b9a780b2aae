-- In which order metrics that a unit shows per year may be shown: a split whole, else its first part
-- against all the others, else nothing, so that never one hidden part alone can be had by subtraction.
-- Two metrics of one part are one part. A metric that could be worked out from another (shown_with)
-- comes after it. Only of a numerator that is one measure is it known who is behind it.
with numerators as (
    select metric_id, max(measure_id) as measure_id
    from {{ ref('stg_municipality__metric_measures') }}
    where role = 'numerator'
    group by metric_id
    having count(*) = 1
),

parts as (
    select
        metrics.metric_id,
        metrics.family_id,
        metrics.is_split,
        metrics.shown_with,
        coalesce(numerators.measure_id, metrics.metric_id) as part_id,
        first_value(coalesce(numerators.measure_id, metrics.metric_id)) over (
            partition by metrics.family_id order by catalogue.metric_order
        ) as first_part_id,
        first_value(metrics.metric_id) over (
            partition by metrics.family_id order by catalogue.metric_order
        ) as first_metric_id
    from {{ ref('int_metrics') }} as metrics
    inner join {{ ref('stg_municipality__metrics') }} as catalogue
        on metrics.metric_id = catalogue.metric_id
    left join numerators
        on metrics.metric_id = numerators.metric_id
    where metrics.unit_grain = 'year' and metrics.is_about_persons
),

counted as (
    select family_id, count(distinct part_id) as n_parts
    from parts
    group by family_id
),

steps as (
    select
        parts.*,
        case
            when parts.shown_with is not null then 3
            when parts.is_split and counted.n_parts > 2 and parts.part_id <> parts.first_part_id then 2
            else 1
        end as step_no,
        case
            when parts.shown_with is null and parts.is_split and counted.n_parts > 2 then concat(
                parts.family_id,
                case when parts.part_id = parts.first_part_id then '/first' else '/others' end
            )
            else parts.family_id
        end as step_id
    from parts
    inner join counted
        on parts.family_id = counted.family_id
)

select
    steps.metric_id,
    steps.step_id,
    steps.step_no,
    numerators.measure_id as numerator_measure_id,
    case when steps.step_no = 2 then concat(steps.family_id, '/first') else shown.step_id end
        as parent_step_id,
    case when steps.step_no = 2 then steps.first_metric_id else shown.metric_id end
        as parent_metric_id
from steps
left join steps as shown
    on steps.shown_with = shown.metric_id and shown.step_no < 3
left join numerators
    on steps.metric_id = numerators.metric_id
