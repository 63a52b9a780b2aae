with latest as (
    {{ latest_delivery('lean_activity', 'factor_surveys', ['unit_id', 'survey_date', 'factor_id']) }}
)

select
    unit_id,
    survey_date,
    factor_id,
    mean,
    n_respondents,
    delivery_id
from latest
