{{ config(materialized='view') }}
-- What came ready counted, or is counted by a source's own model alone: every row loaded is behind a
-- measure, or says why not.
with used_measures as (
    select distinct measure_id from {{ ref('stg_municipality__metric_measures') }}
),

counted as (
    select
        rows_in.feed_id,
        rows_in.period_ym,
        case
            when data_range.first_month is null then 'outside_window'
            when measures.measure_id is null then 'summed_by_another_source'
            when used_measures.measure_id is null then 'no_metric_reads_it'
            when units.unit_id is null then 'unit_not_then'
            else 'used'
        end as part
    from {{ ref('stg_unit_metrics__values') }} as rows_in
    left join {{ ref('int_data_range') }} as data_range
        on rows_in.month between data_range.first_month and data_range.last_month
    left join {{ ref('int_measures_unioned') }} as measures
        on rows_in.unit_id = measures.unit_id and rows_in.month = measures.month
        and rows_in.measure_id = measures.measure_id and measures.source = 'unit_metrics.values'
    left join used_measures
        on rows_in.measure_id = used_measures.measure_id
    left join {{ ref('int_unit_months') }} as units
        on rows_in.unit_id = units.unit_id and rows_in.month = units.month
),

summed as (
    select
        rows_in.feed_id,
        rows_in.period_ym,
        case
            when months.month is null then 'outside_window'
            when chosen.unit_id is not null then 'used'
            when other.unit_id is not null then 'other_definition'
            when own.unit_id is not null then 'own_spells'
        end as part
    from {{ ref('stg_sick_leave__unit_months') }} as rows_in
    left join {{ ref('int_months') }} as months
        on rows_in.month = months.month
    left join {{ ref('int_sick_leave__delivered_sums') }} as chosen
        on rows_in.unit_id = chosen.unit_id and rows_in.month = chosen.month
        and rows_in.definition = chosen.definition
    left join (
        select distinct unit_id
        from {{ ref('int_sick_leave__delivered_sums') }}
    ) as other
        on rows_in.unit_id = other.unit_id
    left join (
        select distinct unit_id
        from {{ ref('int_sick_leave__unit_months') }}
    ) as own
        on rows_in.unit_id = own.unit_id
)

{{ loaded_and_restated(
    ref('stg_ops__loaded_rows'), 'counted', 'unit_metrics.values', 'values', 'restated'
) }}
union all
{{ rows_by_part('counted', 'unit_metrics.values', "'values'", 'part') }}
union all
{{ loaded_and_restated(
    ref('stg_ops__loaded_rows'), 'summed', 'sick_leave.unit_months', 'unit_months', 'restated'
) }}
union all
{{ rows_by_part('summed', 'sick_leave.unit_months', "'unit_months'", 'part') }}
{% for table in tables_followed_by_month() -%}
union all
{{ followed_by_month(
    table, ref('stg_' ~ table.of ~ '__' ~ table.name), ref('int_' ~ table.of ~ '__measures'),
    ref('int_measures_unioned'), ref('stg_municipality__metric_measures'), ref('int_unit_months'),
    ref('int_data_range'), ref('stg_ops__loaded_rows')
) }}
{% endfor %}
