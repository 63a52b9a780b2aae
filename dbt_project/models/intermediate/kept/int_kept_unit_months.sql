-- Figures about persons as they last counted in what was published, beside what the source says now.
-- Those of a unit that is hidden, now or in an earlier edition, are frozen: the difference between two
-- editions of a total would give a correction of one hidden unit away. Parts follow their total.
with hidden as (
    select group_id as unit_id, family_id, period
    from {{ ref('stg_ops__hidden_cells') }}
    where level = 'unit'
),

small as (
    select months.unit_id, metrics.family_id, months.month
    from {{ ref('int_metric_months') }} as months
    inner join {{ ref('int_metrics') }} as metrics
        on months.metric_id = metrics.metric_id
    where
        metrics.is_about_persons and not metrics.is_split and months.has_data
        and {{ few_persons_reason('months.n_persons', 'metrics.min_persons') }} is not null
    group by months.unit_id, metrics.family_id, months.month
)

select
    months.unit_id,
    months.sector,
    months.metric_id,
    coalesce(metrics.parent_family_id, metrics.family_id) as total_id,
    months.month,
    kept.numerator,
    kept.denominator,
    kept.n_persons,
    kept.n_persons_once,
    kept.n_contributors,
    kept.was_shown,
    hidden.unit_id is not null or small.unit_id is not null as is_frozen,
    not months.has_data
    or {{ is_another_figure('kept.numerator', 'months.numerator') }}
    or {{ is_another_figure('kept.denominator', 'months.denominator') }} as is_changed,
    abs(case when months.has_data then months.numerator else 0 end - kept.numerator)
        as numerator_change,
    case
        when metrics.is_denominator_pay then
            abs(case when months.has_data then months.denominator else 0 end - kept.denominator)
    end as denominator_change
from {{ ref('int_metric_months') }} as months
inner join {{ ref('int_metrics') }} as metrics
    on months.metric_id = metrics.metric_id and metrics.is_about_persons
inner join {{ ref('stg_ops__counted_cells') }} as kept
    on months.unit_id = kept.unit_id and months.metric_id = kept.metric_id
    and months.month = kept.month
left join hidden
    on months.unit_id = hidden.unit_id
    and coalesce(metrics.parent_family_id, metrics.family_id) = hidden.family_id
    and {{ month_label('months.month') }} = hidden.period
left join small
    on months.unit_id = small.unit_id
    and coalesce(metrics.parent_family_id, metrics.family_id) = small.family_id
    and months.month = small.month
