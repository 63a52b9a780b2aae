{{ config(materialized='view') }}
-- Years of units of what they show per year, step by step. A unit's total is its sector's year where
-- that is shown, else what remains of the municipality's.
with cells_of_steps as (
    select
        reasons.level,
        reasons.cell_id as group_id,
        reasons.sector,
        reasons.step_id as family_id,
        reasons.year,
        max(reasons.min_persons) as min_persons,
        min(reasons.n_persons_once) as n_persons_once,
        min(reasons.reason) as reason
    from {{ ref('int_suppression__year_reasons') }} as reasons
    group by reasons.level, reasons.cell_id, reasons.sector, reasons.step_id, reasons.year
),

sizes as (
    select group_id, family_id, {{ exact_avg('n_persons_once') }} as size_order
    from cells_of_steps
    group by group_id, family_id
),

shown as (
    select level, sector, family_id, year from cells_of_steps
    where level <> 'unit' and reason is null
)

select
    units.*,
    steps.step_no,
    steps.parent_step_id,
    sizes.size_order,
    case
        when units.level <> 'unit' then null
        when sectors.sector is not null then units.sector
        else municipalities.sector
    end as cover_id
from cells_of_steps as units
inner join (
    select step_id, max(step_no) as step_no, max(parent_step_id) as parent_step_id
    from {{ ref('int_metric_steps') }}
    group by step_id
) as steps
    on units.family_id = steps.step_id
inner join sizes
    on units.group_id = sizes.group_id and units.family_id = sizes.family_id
left join shown as sectors
    on sectors.level = 'sector' and units.sector = sectors.sector
    and units.family_id = sectors.family_id and units.year = sectors.year
left join shown as municipalities
    on municipalities.level = 'municipality'
    and units.family_id = municipalities.family_id and units.year = municipalities.year
