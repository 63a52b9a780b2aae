{{ config(materialized='view') }}
-- Measures from positions, long. Turnover is about permanent staff, the rest about everybody with
-- agreed working time.
{{ unpivot_measures(
    ref('int_hr__unit_months'),
    [
        ('agreed_days', 'agreed_days', 'n_persons'),
        ('agreed_fte', 'agreed_fte', 'n_persons'),
        ('contract_fte', 'contract_fte', 'n_persons'),
        ('n_employees', 'n_employees', 'n_employees'),
        ('employed_persons', 'n_persons', 'n_persons'),
    ],
    'hr.positions'
) }}
union all
{{ unpivot_measures(
    ref('int_hr__unit_months'),
    [
        ('permanent_staff', 'permanent_staff', 'permanent_staff'),
        ('leavers', 'leavers', 'leavers'),
        ('movers', 'movers', 'movers'),
    ],
    'hr.positions', 'permanent_staff', 'permanent_staff_once'
) }}
