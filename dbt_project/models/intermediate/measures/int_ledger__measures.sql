{{ config(materialized='view') }}
-- Measures from the accounts, long. How many persons stand behind an amount is the unit's staff
-- that month; nobody knows how many were behind the numerator, so all of them are assumed.
{{ unpivot_measures(
    ref('int_ledger__unit_months'),
    [
        ('accounts_nok', 'accounts_nok', 'n_persons'),
        ('original_budget_nok', 'original_budget_nok', 'n_persons'),
        ('revised_budget_nok', 'revised_budget_nok', 'n_persons'),
        ('fixed_pay_nok', 'fixed_pay_nok', 'n_persons'),
        ('overtime_nok', 'overtime_nok', 'n_persons'),
        ('substitute_nok', 'substitute_nok', 'n_persons'),
        ('sick_pay_refund_nok', 'sick_pay_refund_nok', 'n_persons'),
        ('pay_gross_nok', 'pay_gross_nok', 'n_persons'),
        ('pay_net_nok', 'pay_net_nok', 'n_persons'),
    ],
    'ledger.entries'
) }}
union all
{{ unpivot_measures(
    ref('int_ledger__paid_fte'),
    [
        ('overtime_fte', 'overtime_fte', 'n_persons'),
        ('substitute_fte', 'substitute_fte', 'n_persons'),
    ],
    'ledger.entries'
) }}
