-- Where a register calls a unit otherwise, or places it elsewhere, than the one before with it did.
with named as (
    {% for what in ['unit_name', 'sector'] %}
    select
        '{{ what }}' as what,
        feed_id,
        register_no,
        unit_id,
        register_month,
        {{ what }} as later,
        lag({{ what }}) over (
            partition by feed_id, unit_id order by register_no
        ) as before
    from {{ ref('stg_organisation__unit_registers') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    what,
    feed_id,
    register_no,
    register_no = max(register_no) over (partition by what, unit_id) as is_last,
    unit_id,
    register_month,
    before,
    later
from named
where before <> later
