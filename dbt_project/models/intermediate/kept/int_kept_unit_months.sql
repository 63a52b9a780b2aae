{{ config(materialized='view') }}
-- Figures about persons as they last counted in what was published, beside what the source says now.
-- Those of a unit that is hidden are frozen: the difference between two editions of a total would give
-- a correction of one hidden unit away. So is what comes late (`is_late`), after an edition had the
-- month without the unit: of a unit that is hidden, and of any unit what units show no month of.
with published as (
    -- what a reader has seen a total of
    select metric_id, month
    from {{ ref('stg_ops__counted_cells') }}
    where was_shown
    group by metric_id, month
),

kept_or_late as (
    select
        months.*,
        coalesce(metrics.parent_family_id, metrics.family_id) as total_id,
        metrics.unit_grain,
        metrics.is_denominator_pay,
        kept.unit_id is null as is_late,
        coalesce(kept.was_shown, false) as was_shown,
        {% for column in ['numerator', 'denominator', 'n_persons', 'n_persons_once',
            'n_contributors'] %}
        kept.{{ column }} as kept_{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_metric_months') }} as months
    inner join {{ ref('int_metrics') }} as metrics
        on months.metric_id = metrics.metric_id and metrics.is_about_persons
    left join {{ ref('stg_ops__counted_cells') }} as kept
        on months.unit_id = kept.unit_id and months.metric_id = kept.metric_id
        and months.month = kept.month
    left join published
        on months.metric_id = published.metric_id and months.month = published.month
    where kept.unit_id is not null or (published.month is not null and months.has_data)
)

select
    months.unit_id,
    months.sector,
    months.metric_id,
    months.total_id,
    months.month,
    months.kept_numerator as numerator,
    months.kept_denominator as denominator,
    months.kept_n_persons as n_persons,
    coalesce(months.kept_n_persons_once, months.n_persons_once) as n_persons_once,
    months.kept_n_contributors as n_contributors,
    months.is_late,
    months.was_shown,
    frozen.unit_id is not null or (months.is_late and months.unit_grain = 'year') as is_frozen,
    months.is_late or not months.has_data
    or {{ is_another_figure('months.kept_numerator', 'months.numerator') }}
    or {{ is_another_figure('months.kept_denominator', 'months.denominator') }} as is_changed,
    abs(
        case when months.has_data then months.numerator else 0 end
        - coalesce(months.kept_numerator, 0)
    ) as numerator_change,
    case
        when months.is_denominator_pay then abs(
            case when months.has_data then months.denominator else 0 end
            - coalesce(months.kept_denominator, 0)
        )
    end as denominator_change
from kept_or_late as months
left join {{ ref('int_frozen_unit_months') }} as frozen
    on months.unit_id = frozen.unit_id and months.metric_id = frozen.metric_id
    and months.month = frozen.month
