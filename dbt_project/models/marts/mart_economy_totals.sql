-- Accounts against budget per year: every unit in all, and all units together also by group of
-- arts. A word says what a deviation is: of expenses or of income, and which way.
with totals as (
    select
        year_totals.*,
        art_group in (
            'sick_pay_refund', 'sales_rent', 'refunds', 'transfers_in', 'finance_in'
        ) as is_income
    from {{ ref('int_suppression__year_totals') }} as year_totals
    where scope_type = 'municipality' or art_group = 'all'
)

select
    totals.scope_type,
    totals.scope_id,
    units.unit_id,
    case when totals.scope_type = 'unit' then coalesce(units.unit_name, totals.scope_id) end
        as unit_name,
    units.sector,
    cast(totals.year as integer) as year,
    totals.art_group,
    {{ worded('art_groups.label', 'art_group') }},
    totals.original_budget_nok,
    totals.revised_budget_nok,
    totals.accounts_nok,
    totals.deviation_nok,
    {{ ratio('1e2 * totals.deviation_nok', 'abs(totals.revised_budget_nok)') }} as deviation_pct,
    {{ worded('words.label', 'deviation') }},
    totals.overtime_nok,
    {{ ratio('1e2 * totals.overtime_nok', 'totals.base_pay_nok') }} as overtime_pct,
    totals.substitute_nok,
    totals.sick_pay_refund_nok,
    totals.substitute_net_nok,
    totals.suppression_reason,
    totals.refund_suppression_reason,
    case when totals.scope_type <> 'unit' then cells.members_key end as members_key
from totals
left join {{ ref('int_group_cells') }} as cells
    on cells.cell = {{ group_cell('economy', ['totals.year', 'totals.art_group']) }}
left join {{ ref('dim_units') }} as units
    on totals.scope_type = 'unit' and totals.scope_id = units.unit_id
left join {{ ref('labels') }} as art_groups
    on totals.art_group = art_groups.code and art_groups.domain = 'art_group'
left join {{ ref('labels') }} as words
    on
        words.domain = 'deviation'
        and words.code = case
            -- half a krone is rounding
            when abs(totals.deviation_nok) < 0.5e0 then 'as_budgeted'
            when totals.deviation_nok > 0 and totals.is_income then 'more_income'
            when totals.deviation_nok > 0 then 'less_spent'
            when totals.deviation_nok < 0 and totals.is_income then 'less_income'
            when totals.deviation_nok < 0 then 'more_spent'
        end
order by totals.scope_type, totals.scope_id, totals.year, totals.art_group
