-- One row: whose figures these are, whether they are constructed, and the rules they follow.
select
    profile.municipality_id,
    profile.name,
    profile.language,
    profile.is_constructed,
    {{ worded('profile.notice') }},
    profile.accessibility_contact,
    profile.working_calendar,
    cast(profile.min_persons as integer) as min_persons,
    cast(profile.min_persons_split as integer) as min_persons_split,
    cast(profile.window_long_months as integer) as window_long_months,
    cast(profile.window_short_months as integer) as window_short_months,
    cast(profile.window_min_share as double) as window_min_share,
    cast(profile.preliminary_min_months as integer) as preliminary_min_months,
    profile.distribution_quality_pct,
    profile.distribution_quantity_pct,
    profile.distribution_saving_pct,
    profile.distribution_note,
    data_range.first_month,
    data_range.last_month
from {{ ref('stg_municipality__profile') }} as profile
cross join {{ ref('int_data_range') }} as data_range
