-- How much of what each unit reported as sickness in a month met a position: spells, and days lost
-- (counted days times grade, before anybody's position percentage). Above the limit the unit's sick
-- leave of the month is missing: too much of it is unknown for a figure to be true. Of months whose
-- rows are deleted, as they were then.
with {{ closed('sick_leave') }},

spell_months as (
    select
        matches.unit_id,
        months.month,
        matches.person_id,
        matches.match_result = 'matched' as is_matched,
        matches.grade_pct * (
            last_days.counted_index - first_days.counted_index + first_days.counted_day
        ) as pct_days
    from {{ ref('int_sick_leave__matches') }} as matches
    inner join {{ ref('int_months') }} as months
        on matches.start_date <= months.last_day and matches.end_date >= months.month
    inner join {{ ref('int_days') }} as first_days
        on greatest(matches.start_date, months.month) = first_days.date_day
    inner join {{ ref('int_days') }} as last_days
        on least(matches.end_date, months.last_day) = last_days.date_day
),

sums as (
    select
        unit_id,
        month,
        count(*) as n_spells,
        count(case when not is_matched then 1 end) as n_unmatched,
        count(distinct person_id) as n_persons,
        sum(pct_days) as pct_days,
        sum(case when is_matched then 0 else pct_days end) as unmatched_pct_days
    from spell_months
    group by unit_id, month
)

select
    sums.unit_id,
    sums.month,
    sums.n_spells,
    sums.n_unmatched,
    sums.n_persons,
    cast(sums.pct_days as double) / 100e0 as reported_days,
    cast(sums.unmatched_pct_days as double) / 100e0 as unmatched_days,
    sums.unmatched_pct_days > sums.pct_days * {{ max_unmatched_share() }} as is_too_unmatched
from sums
left join closed
    on sums.month < closed.open_from
where closed.open_from is null
union all
select
    unit_id,
    month,
    n_spells,
    n_unmatched,
    n_persons,
    reported_days,
    unmatched_days,
    is_too_unmatched
from {{ ref('stg_ops__kept_absence_months') }}
where n_spells is not null
