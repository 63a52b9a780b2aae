{{ config(materialized='view') }}
-- The change of a unit's mean gap from one shown survey to the next, over the statements asked in both.
-- Rounded before anything is held against a limit: the last bits of a mean differ from night to night.
with days as (
    select
        unit_id,
        survey_date,
        lag(survey_date) over (partition by unit_id order by survey_date) as previous_date,
        row_number() over (partition by unit_id order by survey_date desc) as newest
    from (
        select distinct unit_id, survey_date
        from {{ ref('int_activity__culture') }}
        where suppression_reason is null
    ) as shown
)

select
    days.unit_id,
    days.survey_date,
    days.previous_date,
    days.newest = 1 as is_latest,
    count(*) as n_statements,
    min(latest.n_respondents) as n_respondents,
    {{ exact_avg('latest.now_mean') }} as now_mean,
    {{ exact_avg('latest.target_mean') }} as target_mean,
    round({{ exact_avg('latest.gap') }}, 6) as mean_gap,
    case when count(before.gap) > 0 then
        round({{ exact_avg('latest.gap - before.gap') }}, 6)
    end as gap_change
from days
inner join {{ ref('int_activity__culture') }} as latest
    on days.unit_id = latest.unit_id and days.survey_date = latest.survey_date
left join {{ ref('int_activity__culture') }} as before
    on latest.unit_id = before.unit_id
    and days.previous_date = before.survey_date
    and latest.statement_id = before.statement_id
group by days.unit_id, days.survey_date, days.previous_date, days.newest
