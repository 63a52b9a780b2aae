{{ config(materialized='view') }}
-- Dates cumulative figures are given at: the end of every month, and the dates of known facts.
with dates as (
    select last_day as as_of_date, false as is_fact_date from {{ ref('int_months') }}
    union all
    select as_of as as_of_date, true as is_fact_date
    from {{ ref('stg_municipality__facts') }}
    where as_of is not null
),

months as (
    select max(last_day) as last_day from {{ ref('int_months') }}
)

select
    dates.as_of_date,
    count(case when not dates.is_fact_date then 1 end) > 0 as is_month_end,
    count(case when dates.is_fact_date then 1 end) > 0 as is_fact_date
from dates
cross join months
where dates.as_of_date <= months.last_day
group by dates.as_of_date
