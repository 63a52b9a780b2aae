{{ config(materialized='view') }}
-- Sick days and cases per unit and month, and the distinct persons behind each. Of months whose rows
-- are deleted, as they were then.
{% set measures = sick_leave_measures() %}
with {{ closed('sick_leave') }}

select
    days.unit_id,
    days.month,
    max(days.delivery_id) as delivery_id,
    {% for measure, condition in sick_leave_groups().items() %}
    cast(coalesce(sum(case when {{ condition }} then days.sick_pct_days end), 0) as double)
    / 10000e0 as {{ measure }},
    count(distinct case when {{ condition }} and days.sick_pct_days > 0 then days.person_id end)
        as n_{{ measure }},
    {% endfor %}
    sum(days.starts_case) as sick_cases,
    count(distinct case when days.starts_case = 1 then days.person_id end) as n_sick_cases
from {{ ref('int_sick_leave__case_days') }} as days
left join closed
    on days.month < closed.open_from
where closed.open_from is null
group by days.unit_id, days.month
union all
select
    unit_id,
    month,
    delivery_id,
    {% for measure in measures %}
    {{ measure }},
    n_{{ measure }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref('stg_ops__kept_absence_months') }}
where sick_days is not null
