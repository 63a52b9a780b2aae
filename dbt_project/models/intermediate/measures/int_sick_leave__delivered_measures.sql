{{ config(materialized='view') }}
-- Measures a source has summed itself, long; how many were sick is not known. Agreed days here
-- replace those from positions, see int_measures_unioned.
{{ unpivot_measures(
    ref('int_sick_leave__delivered_sums'),
    [('sick_days', 'sick_days', 'null'), ('agreed_days', 'agreed_days', 'null')],
    'sick_leave.unit_months', 'n_persons', 'n_persons'
) }}
