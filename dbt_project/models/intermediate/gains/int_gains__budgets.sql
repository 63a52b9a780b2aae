-- Revised budgets a saving can be looked up in, per year: the unit's own net budget, and each of its
-- lines, named cost centre/account as in the register.
with entries as (
    select unit_id, cost_centre, account, year, amount_nok
    from {{ ref('int_ledger__entries') }}
    where amount_type = 'revised_budget' and is_year_total
)

select 'unit' as scope, unit_id as budget_id, year, cast(sum(amount_nok) as double) as budget_nok
from entries
group by unit_id, year
union all
select
    'line' as scope,
    upper(concat(cost_centre, '/', account)) as budget_id,
    year,
    cast(sum(amount_nok) as double) as budget_nok
from entries
where cost_centre is not null and account is not null
group by upper(concat(cost_centre, '/', account)), year
