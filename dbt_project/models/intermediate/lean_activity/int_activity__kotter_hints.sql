{{ config(materialized='view') }}
-- What figures can say about Kotter's steps 2, 5, 6, 7 and 8 on the last day. The step itself is set by
-- people; a figure supports it, does not, or cannot be seen.
with forum as (
    select units.unit_id, count(days.anchoring_date) as n_attended
    from {{ ref('int_activity__units') }} as units
    left join {{ ref('int_activity__anchoring_days') }} as days
        on units.unit_id = days.unit_id and days.kind = 'forum'
        and days.anchoring_date > {{ add_months('units.as_of_date', -12) }}
        and days.anchoring_date <= units.as_of_date
    group by units.unit_id
),

course as (
    select unit_id, count(distinct day_no) as n_days
    from {{ ref('stg_lean__course_days') }}
    group by unit_id
),

gains as (
    select
        unit_id,
        count(case when is_realised then 1 end) as n_realised
    from {{ ref('int_activity__gains') }}
    group by unit_id
),

half_years as (
    select distinct
        gains.unit_id,
        extract(year from events.event_date) * 2
        + case when extract(month from events.event_date) > 6 then 1 else 0 end as half_year
    from {{ ref('stg_lean__gain_events') }} as events
    inner join {{ ref('int_activity__gains') }} as gains
        on events.gain_id = gains.gain_id
    where events.realised_fte_change > 0
),

following as (
    select later.unit_id, count(*) as n_pairs
    from half_years as later
    inner join half_years as earlier
        on later.unit_id = earlier.unit_id and later.half_year = earlier.half_year + 1
    group by later.unit_id
),

later_boards as (
    select
        units.unit_id,
        count(boards.meeting_date) as n_meetings
    from {{ ref('int_activity__units') }} as units
    left join {{ ref('stg_lean_activity__board_meetings') }} as boards
        on units.unit_id = boards.unit_id
        and boards.meeting_date >= {{ add_months('units.introduction_end_date', 12) }}
        and boards.meeting_date < {{ add_months('units.introduction_end_date', 18) }}
    where {{ add_months('units.introduction_end_date', 18) }} <= units.as_of_date
    group by units.unit_id
)

select
    units.unit_id,
    forum.n_attended,
    coalesce(course.n_days, 0) as n_days,
    coalesce(gains.n_realised, 0) as n_realised,
    coalesce(following.n_pairs, 0) as n_pairs,
    later_boards.n_meetings,
    culture.mean_gap
from {{ ref('int_activity__units') }} as units
inner join forum
    on units.unit_id = forum.unit_id
{% for part in ['course', 'gains', 'following', 'later_boards'] %}
left join {{ part }}
    on units.unit_id = {{ part }}.unit_id
{% endfor %}
left join {{ ref('int_activity__culture_changes') }} as culture
    on units.unit_id = culture.unit_id and culture.is_latest
