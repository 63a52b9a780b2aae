{{ config(materialized='view') }}
-- The deliveries behind every month of every baseline as the figures stand now.
select distinct
    keys.baseline_id,
    measures.month,
    measures.delivery_id
from {{ ref('int_baseline_keys') }} as keys
inner join {{ ref('stg_municipality__metric_measures') }} as parts
    on keys.metric_id = parts.metric_id
inner join {{ ref('int_measures_unioned') }} as measures
    on keys.unit_id = measures.unit_id and parts.measure_id = measures.measure_id
inner join {{ ref('int_months') }} as months
    on measures.month = months.month
    and months.month_index between keys.start_index - keys.snapshot_months and keys.start_index - 1
