{{ config(materialized='view') }}
-- Which units and gains each scope is made of: a cycle, the pilots, a wave, the whole municipality.
-- `is_first_start`: the comparison is about a unit's first start, and stands on that row alone.
with cycles as (
    select
        cycles.cycle_id,
        cycles.unit_id,
        coalesce(pilots.wave, first_starts.wave, cycles.wave) as wave,
        pilots.unit_id is not null as is_pilot,
        coalesce(cycles.start_no = 1, false) as is_first_start
    from {{ ref('int_lean__cycles') }} as cycles
    left join {{ ref('int_lean__cycles') }} as first_starts
        on cycles.unit_id = first_starts.unit_id and first_starts.start_no = 1
    left join {{ ref('stg_municipality__pilots') }} as pilots
        on cycles.unit_id = pilots.unit_id
    where cycles.start_no is not null
        or cycles.cycle_id in (select gains.cycle_id from {{ ref('int_gains__register') }} as gains)
)

{% for scope_type, scope_id, condition in [
    ('cycle', 'cycle_id', 'true'),
    ('wave', 'cast(wave as ' ~ type_text() ~ ')', 'wave is not null'),
    ('pilots', "'pilots'", 'is_pilot'),
    ('municipality', "'all'", 'true'),
] %}
select
    '{{ scope_type }}' as scope_type,
    {{ scope_id }} as scope_id,
    cycle_id,
    unit_id,
    is_first_start
from cycles
where {{ condition }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
