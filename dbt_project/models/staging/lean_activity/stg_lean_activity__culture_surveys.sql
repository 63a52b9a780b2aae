with latest as (
    {{ latest_delivery('lean_activity', 'culture_surveys', ['unit_id', 'survey_date', 'statement_id']) }}
)

select
    unit_id,
    survey_date,
    statement_id,
    statement_text,
    now_mean,
    target_mean,
    n_respondents,
    n_invited,
    delivery_id
from latest
