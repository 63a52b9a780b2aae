{{ config(materialized='view') }}
-- The ten factors of 10-FAKTOR with what must be hidden hidden: fewer answers than the smallest group
-- that is shown.
select
    surveys.unit_id,
    surveys.survey_date,
    surveys.factor_id,
    case when surveys.n_respondents >= profile.min_persons then surveys.mean end as mean,
    case when surveys.n_respondents >= profile.min_persons then surveys.n_respondents end
        as n_respondents,
    case when surveys.n_respondents < profile.min_persons then 'few_persons' end
        as suppression_reason
from {{ ref('stg_lean_activity__factor_surveys') }} as surveys
cross join {{ ref('stg_municipality__profile') }} as profile
