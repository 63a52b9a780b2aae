-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'factor_surveys', ['unit_id', 'survey_date', 'factor_id']) }}
)

select
    unit_id,
    survey_date,
    factor_id,
    mean,
    n_respondents,
    feed_id,
    period_ym,
    delivery_id
from latest
