-- Accounts against budgets per unit, year and group of KOSTRA arts, closing entries included.
select
    totals.scope_id as unit_id,
    coalesce(units.unit_name, totals.scope_id) as unit_name,
    cast(totals.year as integer) as year,
    totals.art_group,
    {{ worded('art_groups.label', 'art_group') }},
    totals.original_budget_nok,
    totals.revised_budget_nok,
    totals.accounts_nok,
    totals.deviation_nok,
    totals.substitute_nok,
    totals.sick_pay_refund_nok,
    totals.substitute_net_nok,
    totals.suppression_reason,
    totals.refund_suppression_reason
from {{ ref('int_suppression__year_totals') }} as totals
left join {{ ref('dim_units') }} as units
    on totals.scope_id = units.unit_id
left join {{ ref('labels') }} as art_groups
    on totals.art_group = art_groups.code and art_groups.domain = 'art_group'
where totals.scope_type = 'unit' and totals.art_group not in ('all', 'operations')
order by totals.scope_id, totals.year, totals.art_group
