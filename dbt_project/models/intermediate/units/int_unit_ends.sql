{{ config(materialized='view') }}
-- First and last day that changes somebody has said give a unit: it ends the day before it closes or
-- all of it goes to others, and a unit that nothing is known of before begins where it takes over.
with ends as (
    select
        from_unit_id as unit_id,
        {{ add_days('change_date', -1) }} as last_day
    from {{ ref('stg_organisation__unit_changes') }}
    where change_type in ('close', 'merge', 'split', 'rename')
        and (from_unit_id <> to_unit_id or change_type = 'close')
    group by from_unit_id, change_date
    having max(case when change_type = 'close' then 1 else 0 end) = 1 or sum(share) >= 0.999
),

begins as (
    select
        changes.to_unit_id as unit_id,
        min(changes.change_date) as first_day
    from {{ ref('stg_organisation__unit_changes') }} as changes
    left join {{ ref('int_unit_listings') }} as listings
        on changes.to_unit_id = listings.unit_id
    left join {{ ref('int_unit_figures') }} as figures
        on changes.to_unit_id = figures.unit_id
    where changes.from_unit_id <> changes.to_unit_id
        and changes.change_type in ('merge', 'split', 'rename')
        and coalesce(listings.first_register_month >= {{ month_of('changes.change_date') }}, true)
        and coalesce(figures.first_month >= {{ month_of('changes.change_date') }}, true)
    group by changes.to_unit_id
),

last_days as (
    select unit_id, max(last_day) as last_day
    from ends
    group by unit_id
)

select
    units.unit_id,
    begins.first_day,
    last_days.last_day
from {{ ref('stg_organisation__units') }} as units
left join begins
    on units.unit_id = begins.unit_id
left join last_days
    on units.unit_id = last_days.unit_id
