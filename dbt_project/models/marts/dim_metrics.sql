-- The catalogue of metrics: how each is made up, what is better, and for which services.
with formulas as (
    select
        metric_id,
        {{ text_list("case when role = 'numerator' and sign > 0 then measure_id end") }}
            as numerator_plus,
        {{ text_list("case when role = 'numerator' and sign < 0 then measure_id end") }}
            as numerator_minus,
        {{ text_list("case when role = 'denominator' then measure_id end") }} as denominator
    from {{ ref('stg_municipality__metric_measures') }}
    group by metric_id
),

services as (
    select metric_id, {{ text_list('service_type') }} as service_types
    from {{ ref('stg_municipality__metric_services') }}
    group by metric_id
)

select
    metrics.metric_id,
    {{ worded('metrics.label') }},
    {{ worded('metrics.description') }},
    formulas.numerator_plus,
    formulas.numerator_minus,
    formulas.denominator,
    metrics.scale,
    metrics.unit,
    metrics.direction,
    metrics.target_value,
    metrics.is_about_persons,
    metrics.split_of,
    metrics.split_group,
    metrics.is_seasonal,
    metrics.is_cost_linked,
    metrics.chart,
    metrics.gain_type,
    metrics.serves,
    metrics.principle,
    metrics.minimum_relevant_effect,
    metrics.lower_bound,
    metrics.upper_bound,
    cast(metrics.decimals as integer) as decimals,
    metrics.is_headline,
    cast(metrics.metric_order as integer) as metric_order,
    metrics.is_core,
    services.service_types,
    metrics.source
from {{ ref('stg_municipality__metrics') }} as metrics
left join formulas
    on metrics.metric_id = formulas.metric_id
left join services
    on metrics.metric_id = services.metric_id
