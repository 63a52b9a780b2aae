{{ config(materialized='view') }}
-- Reported beside measured, with what may be said of them together. The sum is judged as the units are.
with joined as (
    select
        reported.scope_type,
        reported.scope_id,
        reported.unit_id,
        reported.n_units,
        reported.n_gains,
        reported.identified_fte,
        reported.realised_fte,
        reported.realised_counted_fte,
        reported.realised_cash_fte,
        reported.has_double,
        measured.verdict,
        measured.reason,
        coalesce(measured.is_judged, false) as is_judged,
        coalesce(measured.n_units_measured, 0) as n_units_measured,
        measured.paid_fte_before,
        measured.paid_fte_after,
        measured.realised_compared_fte,
        measured.measured_fte,
        measured.measured_lo,
        measured.measured_hi,
        measured.capacity_fte,
        measured.capacity_lo,
        measured.capacity_hi
    from {{ ref('int_gain_checks__reported') }} as reported
    left join {{ ref('int_gain_checks__measured') }} as measured
        on reported.scope_type = measured.scope_type and reported.scope_id = measured.scope_id
)

select joined.*, {{ gain_status() }} as status
from joined
