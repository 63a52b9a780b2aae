-- Year totals of the accounts as anyone outside may see them. Of a hidden unit no amount is shown, for
-- its total moves with its refund; budgets are no persons' figures. Where the refund alone is hidden,
-- the lines that are not pay are hidden with it, or it would be what is left of the total; where they
-- are too small for that, the total is (pay follows from months), and the municipality's if need be.
with lines as (
    select
        totals.*,
        pay.art_group is not null as is_pay,
        hidden.unit_reason,
        hidden.total_reason,
        hidden.refund_reason
    from {{ ref('int_suppression__year_lines') }} as totals
    left join {{ ref('int_suppression__ledger_lines') }} as hidden
        on totals.scope_type = 'unit'
        and totals.scope_id = hidden.unit_id and totals.year = hidden.year
    left join {{ pay_art_groups('pay_gross') }} as pay
        on totals.art_group = pay.art_group
),

judged as (
    select
        lines.*,
        unit_reason is null and refund_reason is not null
        and {{ is_hardly_more_than_pay('other_nok', 'coalesce(sick_pay_refund_nok, 0)') }} as is_bare
    from lines
),

told as (
    select
        judged.*,
        sum(case when art_group = 'all' and is_bare then 1 else 0 end)
            over (partition by year) as n_bare,
        sum(case when art_group = 'all' and (is_bare or total_reason is not null) then 1 else 0 end)
            over (partition by year) as n_hidden
    from judged
),

reasoned as (
    select
        told.*,
        case
            when is_bare and art_group in ('all', 'operations') then 'secondary'
            when is_bare and art_group <> 'sick_pay_refund' then null
            when scope_type = 'municipality' and art_group in ('all', 'operations')
                and n_bare > 0 and n_hidden = 1 then 'secondary'
            when art_group in ('all', 'operations') then total_reason
            when unit_reason is not null then unit_reason
            when refund_reason is null then null
            when art_group = 'sick_pay_refund' then refund_reason
            when not is_pay then 'secondary'
        end as suppression_reason
    from told
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
    case when suppression_reason is null and unit_reason is null then {{ column }} end as {{ column }},
    {% endfor %}
    {% for column in ['sick_pay_refund_nok', 'substitute_net_nok'] %}
    case when suppression_reason is null and refund_reason is null then {{ column }} end
        as {{ column }},
    {% endfor %}
    suppression_reason,
    refund_reason as refund_suppression_reason
from reasoned
