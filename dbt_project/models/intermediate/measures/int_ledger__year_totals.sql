-- Year totals per group of KOSTRA arts, for every unit and for all units together, and in all.
-- Substitutes and the sick-pay refund that pays for them stand in every row: a deviation on
-- substitutes alone is not overspending. Positive deviation = less spent than budgeted, or more income.
with entries as (
    select
        entries.unit_id,
        entries.year,
        coalesce(art_groups.group_id, 'other') as art_group,
        entries.amount_type,
        entries.amount_nok
    from {{ ref('int_ledger__entries') }} as entries
    left join {{ ref('kostra_groups') }} as art_groups
        on entries.art = art_groups.art and art_groups.group_set = 'economy'
    where entries.is_year_total
),

scopes as (
    {% for scope_type, scope_id in [('unit', 'unit_id'), ('municipality', "'all'")] %}
    select '{{ scope_type }}' as scope_type, {{ scope_id }} as scope_id, * exclude (unit_id)
    from entries {{ "union all" if not loop.last }}
    {% endfor %}
),

lines as (
    select * from scopes
    union all
    select * replace ('all' as art_group) from scopes
    union all
    -- with taxes and grants a whole municipality sums to nothing, by the rules of its accounts
    select * replace ('operations' as art_group) from scopes
    where art_group not in ('transfers_in', 'finance_in', 'finance_out')
),

amounts as (
    select
        scope_type,
        scope_id,
        year,
        art_group,
        {% for amount_type in ['original_budget', 'revised_budget', 'accounts'] %}
        cast(sum(case when amount_type = '{{ amount_type }}' then amount_nok end) as double)
            as {{ amount_type }}_nok{{ "," if not loop.last }}
        {% endfor %}
    from lines
    group by scope_type, scope_id, year, art_group
),

accounts as (
    select
        scope_type,
        scope_id,
        year,
        {% for art_group in ['base_pay', 'overtime', 'substitute', 'sick_pay_refund'] %}
        cast(sum(case when art_group = '{{ art_group }}' then amount_nok else 0 end) as double)
            as {{ art_group }}_nok{{ "," if not loop.last }}
        {% endfor %}
    from scopes
    where amount_type = 'accounts'
    group by scope_type, scope_id, year
)

select
    amounts.*,
    amounts.revised_budget_nok - amounts.accounts_nok as deviation_nok,
    sum(
        case when pay.art_group is not null
            or amounts.art_group in ('all', 'operations', 'sick_pay_refund') then 0
        else abs(amounts.accounts_nok) end
    ) over (partition by amounts.scope_type, amounts.scope_id, amounts.year) as other_nok,
    accounts.base_pay_nok,
    accounts.overtime_nok,
    accounts.substitute_nok,
    accounts.sick_pay_refund_nok,
    accounts.substitute_nok + accounts.sick_pay_refund_nok as substitute_net_nok
from amounts
left join accounts
    on amounts.scope_type = accounts.scope_type
    and amounts.scope_id = accounts.scope_id and amounts.year = accounts.year
left join {{ pay_art_groups('pay_gross') }} as pay
    on amounts.art_group = pay.art_group
