-- Year totals of the accounts as anyone outside may see them. Of a hidden unit no amount of the
-- accounts is shown, for its total moves with its refund; its budgets are no persons' figures. Where the
-- refund alone is hidden, the total less the other lines would be it, so the lines that are not pay
-- are hidden with it; where they are too small to hide it, so is the pay.
with lines as (
    select
        totals.*,
        pay.art_group is not null as is_pay,
        hidden.unit_reason,
        hidden.total_reason,
        hidden.refund_reason,
        sum(case when pay.art_group is null and totals.art_group not in ('all', 'operations')
            then abs(totals.accounts_nok) else 0 end
        ) over (partition by totals.scope_type, totals.scope_id, totals.year) as other_nok
    from {{ ref('int_ledger__year_totals') }} as totals
    left join {{ ref('int_suppression__ledger_lines') }} as hidden
        on totals.scope_type = 'unit'
        and totals.scope_id = hidden.unit_id and totals.year = hidden.year
    left join (
        select distinct economy.group_id as art_group
        from {{ ref('kostra_groups') }} as economy
        inner join {{ ref('kostra_groups') }} as pay
            on economy.art = pay.art and pay.group_set = 'measure' and pay.group_id = 'pay_gross'
        where economy.group_set = 'economy'
    ) as pay
        on totals.art_group = pay.art_group
),

reasoned as (
    select
        lines.*,
        case
            when art_group in ('all', 'operations') then total_reason
            when unit_reason is not null then unit_reason
            when refund_reason is null then null
            when art_group = 'sick_pay_refund' then refund_reason
            when not is_pay or other_nok < 1e-1 * abs(sick_pay_refund_nok) then 'secondary'
        end as suppression_reason,
        unit_reason is null and (
            refund_reason is null or other_nok >= 1e-1 * abs(sick_pay_refund_nok)
        ) as is_pay_shown
    from lines
)

select
    scope_type,
    scope_id,
    year,
    art_group,
    original_budget_nok,
    revised_budget_nok,
    {% for column in ['accounts_nok', 'deviation_nok'] %}
    case when suppression_reason is null then {{ column }} end as {{ column }},
    {% endfor %}
    {% for column in ['base_pay_nok', 'overtime_nok', 'substitute_nok'] %}
    case when suppression_reason is null and is_pay_shown then {{ column }} end as {{ column }},
    {% endfor %}
    {% for column in ['sick_pay_refund_nok', 'substitute_net_nok'] %}
    case when suppression_reason is null and refund_reason is null then {{ column }} end
        as {{ column }},
    {% endfor %}
    suppression_reason,
    refund_reason as refund_suppression_reason
from reasoned
