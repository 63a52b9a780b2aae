{{ config(meta={'dagster': {'ref': {'name': 'fct_metric_months'}}}) }}
-- Every unit has each of its metrics in every month it exists: published rows reconcile with the
-- spine.
with published as (
    select count(*) as n_rows from {{ ref('fct_metric_months') }} where level = 'unit'
),

expected as (
    select count(*) as n_rows
    from {{ ref('int_unit_months') }} as months
    inner join {{ ref('int_metrics') }} as metrics
        on metrics.is_core
        or exists (
            select 1
            from {{ ref('stg_municipality__metric_services') }} as services
            where services.metric_id = metrics.metric_id
            and services.service_type = months.service_type
        )
)

select published.n_rows, expected.n_rows as n_expected
from published
cross join expected
where published.n_rows <> expected.n_rows
