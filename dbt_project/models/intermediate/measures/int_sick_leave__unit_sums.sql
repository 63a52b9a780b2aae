{{ config(materialized='view') }}
-- Sick days and cases per unit and month, and the distinct persons behind each.
select
    unit_id,
    month,
    max(delivery_id) as delivery_id,
    {% for measure, condition in sick_leave_groups().items() %}
    cast(coalesce(sum(case when {{ condition }} then sick_pct_days end), 0) as double)
    / 10000e0 as {{ measure }},
    count(distinct case when {{ condition }} and sick_pct_days > 0 then person_id end)
        as n_{{ measure }},
    {% endfor %}
    sum(starts_case) as sick_cases,
    count(distinct case when starts_case = 1 then person_id end) as n_sick_cases
from {{ ref('int_sick_leave__case_days') }}
group by unit_id, month
