{{ config(materialized='view') }}
-- Measures from sick-leave spells, long; the persons are those behind agreed days.
{{ unpivot_measures(
    ref('int_sick_leave__unit_months'),
    [
        ('sick_days', 'sick_days', 'n_sick_days'),
        ('sick_days_short', 'sick_days_short', 'n_sick_days_short'),
        ('sick_days_medium', 'sick_days_medium', 'n_sick_days_medium'),
        ('sick_days_long', 'sick_days_long', 'n_sick_days_long'),
        ('sick_days_self_certified', 'sick_days_self_certified', 'n_sick_days_self_certified'),
        ('sick_days_certified', 'sick_days_certified', 'n_sick_days_certified'),
        ('sick_days_graded', 'sick_days_graded', 'n_sick_days_graded'),
        ('sick_cases', 'sick_cases', 'n_sick_cases'),
    ],
    'sick_leave.spells'
) }}
