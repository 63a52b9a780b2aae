-- Lean maturity 0 to 5 at every month end. A level needs all the levels below it: a unit that has
-- realised gains but no longer uses its board is back at 1. Level 5 is level 4 kept for 24 month ends.
with levels as (
    select
        levels.*,
        case
            when not has_started then 0
            when not boards_delivered then null
            when n_meetings < 6 then 1
            when realised_fte <= 0 then 2
            when n_rounds < 2 then 3
            else 4
        end as level_below_five
    from {{ ref('int_activity__levels') }} as levels
),

runs as (
    select
        levels.*,
        sum(case when level_below_five = 4 then 0 else 1 end) over (
            partition by unit_id order by as_of_date
            rows between unbounded preceding and current row
        ) as run_no
    from levels
),

kept as (
    select
        runs.*,
        case
            when level_below_five = 4 then count(case when level_below_five = 4 then 1 end) over (
                partition by unit_id, run_no order by as_of_date
                rows between unbounded preceding and current row
            ) - 1
            else 0
        end as months_kept
    from runs
)

select
    unit_id,
    as_of_date,
    has_started,
    n_meetings,
    {{ ratio('n_meetings', '3') }} as meetings_per_month,
    realised_fte,
    n_rounds,
    months_kept,
    case when months_kept >= 24 then 5 else level_below_five end as level,
    as_of_date = max(as_of_date) over () as is_latest
from kept
