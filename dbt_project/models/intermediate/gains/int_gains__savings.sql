-- Each realised saving against the budget it should be seen in, in the prices of the year it was
-- realised. Savings in one budget and the same years are judged together: no krone is found twice.
with compared as (
    select
        lookups.*,
        budgets_before.budget_nok as budget_before_nok,
        budgets_after.budget_nok as budget_after_nok,
        budgets_before.budget_nok * then_prices.price_level / before_prices.price_level
            as budget_before_fixed_nok,
        budgets_after.budget_nok * then_prices.price_level / after_prices.price_level
            as budget_after_fixed_nok,
        coalesce(then_prices.is_indexed, false) as is_in_fixed_prices,
        sum(lookups.expected_nok) over (
            partition by lookups.scope, lookups.budget_id, lookups.year_before, lookups.year_after
        ) as expected_together_nok
    from {{ ref('int_gains__saving_lookups') }} as lookups
    left join {{ ref('int_gains__budgets') }} as budgets_before
        on lookups.scope = budgets_before.scope and lookups.budget_id = budgets_before.budget_id
        and lookups.year_before = budgets_before.year
    left join {{ ref('int_gains__budgets') }} as budgets_after
        on lookups.scope = budgets_after.scope and lookups.budget_id = budgets_after.budget_id
        and lookups.year_after = budgets_after.year
    left join {{ ref('int_price_levels') }} as then_prices
        on lookups.realised_year = then_prices.year
    left join {{ ref('int_price_levels') }} as before_prices
        on lookups.year_before = before_prices.year
    left join {{ ref('int_price_levels') }} as after_prices
        on lookups.year_after = after_prices.year
),

reduced as (
    select compared.*, budget_before_fixed_nok - budget_after_fixed_nok as reduction_nok
    from compared
)

select
    reduced.*,
    case
        when reduction_nok is null then 'cannot_see'
        when round(reduction_nok, 0) >= round(expected_together_nok, 0) then 'found'
        when reduction_nok > 0 then 'partly'
        else 'not_found'
    end as saving_status
from reduced
