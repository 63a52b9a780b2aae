-- The months in which a unit is one and the same: between its reorganisations, the stretch that holds
-- the start of Lean, or the longest where it has not started. A stock such as FTE cannot be compared
-- across a merge or a split.
with borders as (
    select unit_id, {{ month_of('event_date') }} as border
    from {{ ref('int_unit_events') }}
    where event_type = 'reorganisation' and unit_id is not null
    union
    select unit_id, min(month) as border
    from {{ ref('int_unit_months') }}
    group by unit_id
),

spans as (
    select
        unit_id,
        border as first_month,
        lead(border) over (partition by unit_id order by border) as next_border
    from borders
),

starts as (
    select unit_id, {{ add_months(month_of('introduction_end_date'), 1) }} as lean_start
    from {{ ref('int_lean__cycles') }}
    where introduction_end_date is not null and start_no = 1
),

ranked as (
    select
        spans.unit_id,
        spans.first_month,
        spans.next_border,
        row_number() over (
            partition by spans.unit_id
            order by
                case
                    when starts.lean_start >= spans.first_month
                        and coalesce(starts.lean_start < spans.next_border, true) then 0
                    else 1
                end asc,
                least(
                    coalesce(
                        {{ month_index('spans.next_border') }},
                        {{ month_index('data_range.last_month') }} + 1
                    ),
                    {{ month_index('data_range.last_month') }} + 1
                )
                - {{ month_index('spans.first_month') }} desc,
                spans.first_month asc
        ) as place
    from spans
    cross join {{ ref('int_data_range') }} as data_range
    left join starts
        on spans.unit_id = starts.unit_id
)

select unit_id, first_month, next_border
from ranked
where place = 1
