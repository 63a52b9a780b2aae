-- The spine: every unit in every month it exists or has figures, in the sector the register of that
-- month, or the newest before it, gives: a sum over a sector is a sum over the units that were in it.
-- Where lists have no month, it is the sector of the earlier list until the day somebody said it moved.
with said as (
    select from_unit_id as unit_id, max(change_date) as change_date
    from {{ ref('stg_organisation__unit_changes') }}
    where change_type = 'move' and from_unit_id = to_unit_id
    group by from_unit_id
),

placed as (
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
        union
        {% for side in ['before', 'later'] %}
        select
            moves.unit_id,
            {{ "date '0001-01-01'" if side == 'before' else month_of('said.change_date') }}
                as register_month,
            moves.{{ side }} as sector
        from {{ ref('int_unit_register_changes') }} as moves
        inner join said
            on moves.unit_id = said.unit_id
        where moves.what = 'sector' and moves.is_last and moves.register_month is null
        {% if not loop.last %}union{% endif %}
        {% endfor %}
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
