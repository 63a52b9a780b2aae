-- Every unit there has been, with the time it existed. What the register says counts first, then
-- changes somebody has said. A unit that has left the register without a word existed to the end of
-- its last register, or, where registers have no month, of the last month with figures (without any,
-- to the end of the data: when it ended is not known); one that came with a later register, from that
-- month. But for what the register itself says, delivered
-- figures outside that time are not lost: `figures_from` and `figures_to` are the months they reach.
with known as (
    select
        units.*,
        listings.is_listed,
        ends.first_day as said_from,
        ends.last_day as said_to,
        case when not listings.is_in_first then listings.first_register_month end as seen_from,
        case
            when not listings.is_listed
                then coalesce(
                    listings.last_register_month, figures.last_month, data_range.last_month
                )
        end as seen_to,
        listings.is_listed or listings.last_register_month is not null
        or figures.last_month is not null as is_end_seen,
        figures.first_month as figures_from,
        figures.last_dated_month as figures_to
    from {{ ref('stg_organisation__units') }} as units
    cross join {{ ref('int_data_range') }} as data_range
    inner join {{ ref('int_unit_listings') }} as listings
        on units.unit_id = listings.unit_id
    inner join {{ ref('int_unit_ends') }} as ends
        on units.unit_id = ends.unit_id
    left join {{ ref('int_unit_figures') }} as figures
        on units.unit_id = figures.unit_id
),

dated as (
    select
        known.*,
        coalesce(valid_from, said_from, seen_from) as first_day,
        case
            when valid_to is null and said_to < valid_from then valid_from
            else coalesce(valid_to, said_to, {{ add_days(add_months('seen_to', 1), -1) }})
        end as last_day
    from known
)

select
    dated.unit_id,
    dated.unit_name,
    dated.sector,
    dated.service_type,
    dated.parent_unit_id,
    case
        when dated.first_day > dated.last_day then dated.valid_from
        else dated.first_day
    end as valid_from,
    dated.last_day as valid_to,
    case when dated.valid_from is null then dated.figures_from end as figures_from,
    case when dated.valid_to is null then dated.figures_to end as figures_to,
    dated.valid_to is null and dated.said_to is null and not dated.is_listed as is_left,
    dated.is_end_seen or dated.valid_to is not null or dated.said_to is not null as is_end_known,
    case
        when dated.valid_to is null and dated.said_to is null and not dated.is_listed then 'left'
        when dated.last_day <= data_range.last_day then 'ended'
        when dated.first_day > data_range.last_day then 'planned'
        else 'active'
    end as status
from dated
cross join {{ ref('int_data_range') }} as data_range
