{{ config(materialized='view') }}
-- Where in the registers each unit has stood, and whether the newest still has it.
select
    unit_id,
    max(case when is_newest then 1 else 0 end) = 1 as is_listed,
    min(register_no) = 1 as is_in_first,
    min(register_month) as first_register_month,
    max(register_month) as last_register_month
from {{ ref('stg_organisation__unit_registers') }}
group by unit_id
