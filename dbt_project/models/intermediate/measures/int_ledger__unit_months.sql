-- Accounts and budgets per unit and month, periods 1-12 only. A unit with accounts in a month has
-- a complete month: an art without entries is zero. A budget that is not periodised is missing.
{% set groups = [
    'fixed_pay', 'overtime', 'substitute', 'sick_pay_refund', 'pay_gross', 'pay_net'
] %}
with entries as (
    select
        entries.unit_id,
        entries.month,
        entries.amount_type,
        entries.amount_nok,
        entries.delivery_id,
        {% for group in groups %}
        {{ group }}.art is not null as is_{{ group }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_ledger__entries') }} as entries
    {% for group in groups %}
    left join {{ ref('kostra_groups') }} as {{ group }}
        on entries.art = {{ group }}.art
        and {{ group }}.group_set = 'measure' and {{ group }}.group_id = '{{ group }}'
    {% endfor %}
    where entries.month is not null and entries.unit_id <> 'ikke_fordelt'
),

sums as (
    select
        unit_id,
        month,
        max(delivery_id) as delivery_id,
        sum(case when amount_type = 'original_budget' then amount_nok end) as original_budget_nok,
        sum(case when amount_type = 'revised_budget' then amount_nok end) as revised_budget_nok,
        {% for group in groups %}
        sum(case when amount_type = 'accounts' then case
            when is_{{ group }} then amount_nok else 0
        end end) as {{ group }}_nok,
        {% endfor %}
        sum(case when amount_type = 'accounts' then amount_nok end) as accounts_nok
    from entries
    group by unit_id, month
)

select
    sums.*,
    staff.n_persons,
    staff.n_persons_once
from sums
left join {{ ref('int_hr__unit_months') }} as staff
    on sums.unit_id = staff.unit_id and sums.month = staff.month
