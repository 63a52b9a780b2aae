-- Which units and gains each scope is made of: a cycle, the pilots, a wave, the whole municipality.
-- `is_first_start`: the comparison is about a unit's first start, and stands on that row alone.
with first_starts as (
    select
        unit_id,
        cycle_id,
        wave,
        row_number() over (
            partition by unit_id
            order by coalesce(start_date, introduction_end_date), cycle_no, cycle_id
        ) as place
    from {{ ref('int_lean__cycles') }}
    where start_date is not null or introduction_end_date is not null
),

cycles as (
    select
        cycles.cycle_id,
        cycles.unit_id,
        coalesce(pilots.wave, waves.wave, cycles.wave) as wave,
        pilots.unit_id is not null as is_pilot,
        coalesce(first_starts.place = 1, false) as is_first_start
    from {{ ref('int_lean__cycles') }} as cycles
    left join first_starts
        on cycles.cycle_id = first_starts.cycle_id
    left join first_starts as waves
        on cycles.unit_id = waves.unit_id and waves.place = 1
    left join {{ ref('stg_municipality__pilots') }} as pilots
        on cycles.unit_id = pilots.unit_id
    where cycles.start_date is not null or cycles.introduction_end_date is not null
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
