-- The months before every start, as frozen and as they stand now. A baseline with as many months as an
-- after period needs is frozen, and keeps them; a month hidden since is hidden here too.
with delivered as (
    select baseline_id, month, {{ text_list('delivery_id') }} as delivery_ids
    from {{ ref('int_baseline_deliveries') }}
    group by baseline_id, month
),

paired as (
    select
        keys.baseline_id,
        keys.cycle_id,
        keys.unit_id,
        keys.metric_id,
        keys.is_kept,
        visible.month,
        months.month_index >= keys.start_index - {{ chart_baseline_months() }} as is_in_chart,
        visible.scale,
        visible.numerator,
        visible.denominator,
        visible.value is not null as is_visible,
        visible.suppression_reason is not null as is_hidden,
        delivered.delivery_ids,
        kept.month is not null as is_in_snapshot,
        kept.numerator as kept_numerator,
        kept.denominator as kept_denominator,
        kept.delivery_ids as kept_delivery_ids
    from {{ ref('int_baseline_keys') }} as keys
    inner join {{ ref('int_metric_months_visible') }} as visible
        on keys.unit_id = visible.group_id
        and keys.metric_id = visible.metric_id
        and visible.level = 'unit'
    inner join {{ ref('int_months') }} as months
        on visible.month = months.month
        and months.month_index >= keys.start_index - keys.snapshot_months
        and months.month_index < keys.start_index
    left join delivered
        on keys.baseline_id = delivered.baseline_id and visible.month = delivered.month
    left join {{ ref('stg_ops__frozen_months') }} as kept
        on keys.baseline_id = kept.baseline_id and visible.month = kept.month
),

sided as (
    select
        paired.*,
        is_kept or count(case when is_visible then 1 end) over (partition by baseline_id)
        >= {{ chart_settings().least_after }} as is_frozen,
        {% for column in ['numerator', 'denominator', 'delivery_ids'] %}
        case
            when is_hidden then null
            when is_kept then kept_{{ column }}
            when is_visible then {{ column }}
        end as frozen_{{ column }},
        case when is_visible then {{ column }} end as current_{{ column }},
        {% endfor %}
        is_in_snapshot and is_hidden as is_hidden_since
    from paired
)

select
    baseline_id,
    cycle_id,
    unit_id,
    metric_id,
    month,
    is_kept,
    is_frozen,
    is_hidden_since,
    is_in_chart,
    {% for side in ['frozen', 'current'] %}
    {{ side }}_numerator,
    {{ side }}_denominator,
    {{ side }}_delivery_ids,
    scale * {{ ratio(side ~ '_numerator', side ~ '_denominator') }} as {{ side }}_value,
    {% endfor %}
    is_kept and not is_hidden and (
        {{ is_another_figure('frozen_numerator', 'current_numerator') }}
        or {{ is_another_figure('frozen_denominator', 'current_denominator') }}
    ) as is_restated
from sided
