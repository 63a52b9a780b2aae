-- The spine: every unit in every month it exists or has figures, in the sector the register of that month, or the
-- newest before it, gives: a sum over a sector is a sum over the units that were in it.
with placed as (
    select
        unit_id,
        sector,
        register_month,
        lead(register_month) over (partition by unit_id order by register_month) as next_month,
        row_number() over (partition by unit_id order by register_month) as place
    from (
        select unit_id, register_month, max(sector) as sector
        from {{ ref('stg_organisation__unit_registers') }}
        where register_month is not null
        group by unit_id, register_month
    ) as by_month
)

select
    units.unit_id,
    coalesce(placed.sector, units.sector) as sector,
    units.service_type,
    months.month,
    months.month_index
from {{ ref('int_units') }} as units
inner join {{ ref('int_months') }} as months
    on (
        units.valid_from is null or units.valid_from <= months.last_day
        or units.figures_from <= months.month
    )
    and (
        units.valid_to is null or units.valid_to >= months.month
        or units.figures_to >= months.month
    )
left join placed
    on units.unit_id = placed.unit_id
    and (placed.place = 1 or placed.register_month <= months.month)
    and (placed.next_month is null or placed.next_month > months.month)
