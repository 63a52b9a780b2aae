-- Each realised saving looked up in the budget: the year before and the first whole year after.
select
    savings.gain_id,
    savings.unit_id,
    units.unit_name,
    savings.realised_year,
    savings.scope as looked_up_in,
    savings.year_before,
    savings.year_after,
    savings.expected_nok,
    savings.expected_together_nok,
    savings.budget_before_nok,
    savings.budget_after_nok,
    savings.budget_before_fixed_nok,
    savings.budget_after_fixed_nok,
    savings.reduction_nok,
    savings.is_in_fixed_prices,
    savings.saving_status,
    {{ worded('codes.status', 'saving_status') }}
from {{ ref('int_gains__savings') }} as savings
inner join {{ ref('dim_units') }} as units
    on savings.unit_id = units.unit_id
inner join {{ ref('gain_statuses') }} as codes
    on codes.status_set = 'saving' and savings.saving_status = codes.status
order by savings.gain_id
