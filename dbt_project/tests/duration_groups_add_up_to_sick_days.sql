-- Short, medium and long sick days are all sick days, and so are self-certified and certified.
select
    unit_id,
    month
from {{ ref('int_sick_leave__unit_months') }}
where
    abs(sick_days_short + sick_days_medium + sick_days_long - sick_days) > 0.000001
    or abs(sick_days_self_certified + sick_days_certified - sick_days) > 0.000001
