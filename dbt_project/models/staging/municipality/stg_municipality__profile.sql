select
    municipality_id,
    name,
    language,
    is_constructed,
    notice_nb,
    notice_en,
    working_calendar,
    min_persons,
    min_persons_split,
    window_long_months,
    window_short_months,
    window_min_share,
    preliminary_min_months,
    first_month,
    last_month
from {{ source('municipality', 'profile') }}
