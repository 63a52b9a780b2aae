-- 10-FAKTOR per unit, survey and factor, never per statement.
select
    surveys.unit_id,
    units.unit_name,
    units.sector,
    surveys.survey_date,
    surveys.factor_id,
    cast(factors.factor_order as integer) as factor_order,
    {{ worded('factors.factor') }},
    surveys.mean as factor_mean,
    cast(surveys.n_respondents as integer) as n_respondents,
    surveys.suppression_reason
from {{ ref('int_activity__factors') }} as surveys
inner join {{ ref('dim_units') }} as units
    on surveys.unit_id = units.unit_id
inner join {{ ref('culture_factors') }} as factors
    on surveys.factor_id = factors.factor_id
order by surveys.unit_id, surveys.survey_date, factors.factor_order
