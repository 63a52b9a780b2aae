-- Every frozen baseline in one row, as frozen and as the figures stand now: the months that limits
-- are made from, sum over sum. `restated_by` are the deliveries that months with another figure now
-- come from; none means that the rules or the configuration changed.
with sums as (
    select
        months.baseline_id,
        months.cycle_id,
        months.unit_id,
        months.metric_id,
        count(case when months.is_hidden_since then 1 end) > 0 as is_hidden_since,
        count(case when months.is_restated then 1 end) as n_restated,
        {% for side in ['frozen', 'current'] %}
        {% set counted = "months.is_in_chart and months." ~ side ~ "_value is not null" %}
        min(case when {{ counted }} then months.month end) as {{ side }}_first_month,
        max(case when {{ counted }} then months.month end) as {{ side }}_last_month,
        count(case when {{ counted }} then 1 end) as {{ side }}_n_months,
        sum(case when {{ counted }} then cast(months.{{ side }}_numerator as decimal(38, 9)) end)
            as {{ side }}_numerator,
        sum(case when {{ counted }} then cast(months.{{ side }}_denominator as decimal(38, 9)) end)
            as {{ side }}_denominator,
        {% endfor %}
        md5({{ text_list("case when months.frozen_value is not null then concat("
            ~ "cast(months.month as " ~ type_text() ~ "), '=', "
            ~ "cast(round(months.frozen_numerator, 6) as " ~ type_text() ~ "), '/', "
            ~ "cast(round(months.frozen_denominator, 6) as " ~ type_text() ~ ")) end") }})
            as baseline_hash
    from {{ ref('int_baseline_months') }} as months
    where months.is_frozen
    group by months.baseline_id, months.cycle_id, months.unit_id, months.metric_id
),

delivered as (
    select
        months.baseline_id,
        {{ text_list('deliveries.delivery_id') }} as delivery_ids,
        {{ text_list("case when months.is_restated and concat(', ', "
            ~ "coalesce(months.frozen_delivery_ids, ''), ', ') "
            ~ "not like concat('%, ', deliveries.delivery_id, ', %') "
            ~ "then deliveries.delivery_id end") }} as restated_by
    from {{ ref('int_baseline_months') }} as months
    inner join {{ ref('int_baseline_deliveries') }} as deliveries
        on months.baseline_id = deliveries.baseline_id and months.month = deliveries.month
    where months.current_value is not null
    group by months.baseline_id
)

select
    sums.*,
    delivered.delivery_ids,
    delivered.restated_by,
    {% for side in ['frozen', 'current'] %}
    metrics.scale * {{ ratio('sums.' ~ side ~ '_numerator', 'sums.' ~ side ~ '_denominator') }}
        as {{ side }}_value{{ "," if not loop.last }}
    {% endfor %}
from sums
inner join {{ ref('int_metrics') }} as metrics
    on sums.metric_id = metrics.metric_id
left join delivered
    on sums.baseline_id = delivered.baseline_id
