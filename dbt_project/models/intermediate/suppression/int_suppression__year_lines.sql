-- Year totals of the accounts, with a line of pay and of refund also where a unit that hides it has
-- none: that there is no such line would say that there was no such amount.
with totals as (
    select * from {{ ref('int_ledger__year_totals') }}
),

pay as (
    select art_group from {{ pay_art_groups('pay_gross') }}
),

used as (
    select
        totals.year,
        totals.art_group,
        pay.art_group is not null as is_pay
    from totals
    left join pay on totals.art_group = pay.art_group
    where totals.scope_type = 'municipality'
        and (pay.art_group is not null or totals.art_group = 'sick_pay_refund')
)

select * from totals
union all by name
select
    whole.* replace (
        used.art_group as art_group,
        whole.original_budget_nok * 0 as original_budget_nok,
        whole.revised_budget_nok * 0 as revised_budget_nok,
        cast(0 as double) as accounts_nok,
        whole.revised_budget_nok * 0 as deviation_nok
    )
from totals as whole
inner join {{ ref('int_suppression__ledger_lines') }} as hidden
    on whole.scope_id = hidden.unit_id and whole.year = hidden.year
inner join used
    on whole.year = used.year
    and case when used.is_pay then hidden.unit_reason else hidden.refund_reason end is not null
left join totals as booked
    on whole.scope_type = booked.scope_type and whole.scope_id = booked.scope_id
    and whole.year = booked.year and used.art_group = booked.art_group
where whole.scope_type = 'unit' and whole.art_group = 'all' and booked.art_group is null
