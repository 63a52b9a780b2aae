{{ config(materialized='view') }}
-- Whether when a unit starts was drawn by lot or chosen, one row per cycle. Drawn: its newest draw was
-- made before the first course day, and it started where it was drawn, not with or before an earlier
-- wave nor with or after a later one as most of that wave started. A second start is always chosen.
with draws as (
    select
        draws.*,
        row_number() over (partition by unit_id order by entry_no desc) as from_last
    from {{ ref('stg_ops__drawn_starts') }} as draws
),

drawn as (
    select
        cycles.cycle_id,
        draws.list_sha256,
        draws.wave_no,
        {{ month_index('cycles.start_date') }} as start_index
    from {{ ref('int_lean__cycles') }} as cycles
    inner join draws
        on cycles.unit_id = draws.unit_id and draws.from_last = 1
    where cycles.cycle_no = 1
        and coalesce(cycles.start_no, 1) = 1
        and coalesce(draws.drawn_on < cycles.start_date, true)
),

waves as (
    select
        list_sha256,
        wave_no,
        percentile_cont(0.5) within group (order by start_index) as start_index
    from drawn
    where start_index is not null
    group by list_sha256, wave_no
),

exchanged as (
    select distinct drawn.cycle_id
    from drawn
    inner join waves as own
        on drawn.list_sha256 = own.list_sha256 and drawn.wave_no = own.wave_no
    inner join waves
        on drawn.list_sha256 = waves.list_sha256
        and (
            drawn.wave_no > waves.wave_no and drawn.start_index <= waves.start_index
            and own.start_index > waves.start_index
            or drawn.wave_no < waves.wave_no and drawn.start_index >= waves.start_index
            and own.start_index < waves.start_index
        )
)

select
    cycles.cycle_id,
    cycles.unit_id,
    case
        when drawn.cycle_id is not null and exchanged.cycle_id is null then 'drawn' else 'chosen'
    end as start_order
from {{ ref('int_lean__cycles') }} as cycles
left join drawn
    on cycles.cycle_id = drawn.cycle_id
left join exchanged
    on cycles.cycle_id = exchanged.cycle_id
