{{ config(materialized='view') }}
-- What else happened: one row per event; no unit means the whole municipality.
select
    event_id,
    unit_id,
    event_date,
    event_type,
    metric_id,
    description
from {{ ref('stg_lean__events') }}
