-- Culture surveys per unit, survey and statement: now, target, gap and its change since the unit's
-- previous survey. Few answers are hidden, also the number of them.
with surveys as (
    select
        culture.*,
        lag(culture.gap) over (
            partition by culture.unit_id, culture.statement_id order by culture.survey_date
        ) as previous_gap,
        culture.survey_date = max(culture.survey_date) over (partition by culture.unit_id)
            as is_latest
    from {{ ref('int_activity__culture') }} as culture
)

select
    surveys.unit_id,
    units.unit_name,
    units.sector,
    surveys.survey_date,
    surveys.statement_id,
    surveys.statement_text,
    surveys.now_mean,
    surveys.target_mean,
    surveys.gap,
    surveys.gap - surveys.previous_gap as gap_change,
    cast(surveys.n_respondents as integer) as n_respondents,
    surveys.response_rate,
    surveys.is_latest,
    surveys.suppression_reason
from surveys
inner join {{ ref('dim_units') }} as units
    on surveys.unit_id = units.unit_id
order by surveys.unit_id, surveys.survey_date, surveys.statement_id
