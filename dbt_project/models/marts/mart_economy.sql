-- Accounts against budgets per unit, year and group of KOSTRA arts, closing entries included.
-- Substitutes and the sick-pay refund that pays for them stand in every row: a deviation on
-- substitutes alone is not overspending. Positive deviation = less spent than budgeted.
with entries as (
    select
        entries.unit_id,
        entries.year,
        coalesce(art_groups.group_id, 'other') as art_group,
        entries.art,
        entries.amount_type,
        entries.amount_nok
    from {{ ref('int_ledger__entries') }} as entries
    left join {{ ref('kostra_groups') }} as art_groups
        on entries.art = art_groups.art and art_groups.group_set = 'economy'
    where entries.is_year_total
),

amounts as (
    select
        unit_id,
        year,
        art_group,
        {% for amount_type in ['original_budget', 'revised_budget', 'accounts'] %}
        cast(sum(case when amount_type = '{{ amount_type }}' then amount_nok end) as double)
            as {{ amount_type }}_nok{{ "," if not loop.last }}
        {% endfor %}
    from entries
    group by unit_id, year, art_group
),

substitutes as (
    select
        unit_id,
        year,
        cast(sum(case when art in ('020', '030') then amount_nok else 0 end) as double)
            as substitute_nok,
        cast(sum(case when art = '710' then amount_nok else 0 end) as double)
            as sick_pay_refund_nok
    from entries
    where amount_type = 'accounts'
    group by unit_id, year
)

select
    amounts.unit_id,
    coalesce(units.unit_name, amounts.unit_id) as unit_name,
    cast(amounts.year as integer) as year,
    amounts.art_group,
    amounts.original_budget_nok,
    amounts.revised_budget_nok,
    amounts.accounts_nok,
    amounts.revised_budget_nok - amounts.accounts_nok as deviation_nok,
    substitutes.substitute_nok,
    substitutes.sick_pay_refund_nok,
    substitutes.substitute_nok + substitutes.sick_pay_refund_nok as substitute_net_nok
from amounts
left join {{ ref('dim_units') }} as units
    on amounts.unit_id = units.unit_id
left join substitutes
    on amounts.unit_id = substitutes.unit_id and amounts.year = substitutes.year
order by amounts.unit_id, amounts.year, amounts.art_group
