-- Culture surveys by statement with what must be hidden hidden: fewer answers than the smallest group
-- that is shown. The gap is target minus now.
with surveys as (
    select
        surveys.*,
        surveys.n_respondents >= profile.min_persons as is_shown
    from {{ ref('stg_lean_activity__culture_surveys') }} as surveys
    cross join {{ ref('stg_municipality__profile') }} as profile
    cross join {{ ref('int_data_range') }} as data_range
    where surveys.survey_date <= data_range.last_day
)

select
    unit_id,
    survey_date,
    statement_id,
    statement_text,
    case when is_shown then now_mean end as now_mean,
    case when is_shown then target_mean end as target_mean,
    case when is_shown then target_mean - now_mean end as gap,
    case when is_shown then n_respondents end as n_respondents,
    case when is_shown then {{ ratio('n_respondents', 'n_invited') }} end as response_rate,
    case when not is_shown then 'few_persons' end as suppression_reason
from surveys
