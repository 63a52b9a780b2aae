-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
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
    feed_id,
    period_ym,
    delivery_id
from latest
