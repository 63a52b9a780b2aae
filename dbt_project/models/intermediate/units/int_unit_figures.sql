{{ config(materialized='view') }}
-- The months in which anybody has delivered figures about a unit. A budget is no sign of life, and
-- what is only carried on from month to month (open positions, no absence among them) is no row of
-- that month: `last_dated_month` is the last month with one.
select
    unit_id,
    min(month) as first_month,
    max(month) as last_month,
    max(case
        when source <> 'hr.positions' and (source <> 'sick_leave.spells' or value <> 0) then month
    end) as last_dated_month
from {{ ref('int_measures_unioned') }}
where measure_id not in ('original_budget_nok', 'revised_budget_nok')
group by unit_id
