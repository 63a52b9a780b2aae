{{ config(materialized='view') }}
-- Measures units deliver ready counted.
select
    unit_id,
    month,
    measure_id,
    value,
    n_persons,
    n_persons as n_persons_once,
    cast(null as integer) as n_contributors,
    'unit_metrics.values' as source,
    delivery_id
from {{ ref('stg_unit_metrics__values') }}
