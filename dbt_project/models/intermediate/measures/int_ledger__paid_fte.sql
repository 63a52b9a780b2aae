{{ config(materialized='view') }}
-- Overtime and substitutes as FTE, per unit and month. Pay is divided by what an FTE is paid that
-- year; overtime first by the higher pay of an overtime hour, unless the hours were delivered. Whole
-- øre over a round pay have seven decimals: unrounded, the order of a sum decides the published sixth.
with monthly_pay as (
    select
        levels.year,
        profile.fte_pay_nok * levels.price_level / 12 as fte_pay_nok,
        profile.hours_per_fte / 12 as fte_hours,
        profile.overtime_pay_factor
    from {{ ref('int_price_levels') }} as levels
    cross join {{ ref('stg_municipality__profile') }} as profile
),

hours as (
    select unit_id, month, value as overtime_hours
    from {{ ref('stg_unit_metrics__values') }}
    where measure_id = 'overtime_hours'
)

select
    ledger.unit_id,
    ledger.month,
    ledger.delivery_id,
    ledger.n_persons,
    ledger.n_persons_once,
    round(coalesce(
        hours.overtime_hours / pay.fte_hours,
        ledger.overtime_nok / (pay.fte_pay_nok * pay.overtime_pay_factor)
    ), 6) as overtime_fte,
    round(ledger.substitute_nok / pay.fte_pay_nok, 6) as substitute_fte
from {{ ref('int_ledger__unit_months') }} as ledger
inner join monthly_pay as pay
    on extract(year from ledger.month) = pay.year
left join hours
    on ledger.unit_id = hours.unit_id and ledger.month = hours.month
