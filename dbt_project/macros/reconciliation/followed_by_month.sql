{# What became of every row of a source that no model of its own follows: a row is used where a metric
   reads what is measured of its unit and month. A unit and month of which the source's own model measures
   nothing has lost its rows, and says no reason.

   rows_in: staging. own: the source's measures. measures: those that count. read: the measures of metrics.
   units: each unit's months. months: first and last month. loaded: every row loaded. #}
{% macro followed_by_month(table, rows_in, own, measures, read, units, months, loaded) -%}
{%- set source = table.of ~ '.' ~ table.name -%}
{%- set month = month_of('rows_in.' ~ table.dated) -%}
{% set followed %}(
    select
        rows_in.feed_id,
        rows_in.period_ym,
        case
            when months.first_month is null then 'outside_window'
            when units.unit_id is null then 'unit_not_then'
            when measured.unit_id is null then null
            when used.unit_id is null and counted.unit_id is null then 'summed_by_another_source'
            when used.unit_id is null then 'no_metric_reads_it'
            else 'used'
        end as part
    from {{ rows_in }} as rows_in
    left join {{ months }} as months
        on {{ month }} between months.first_month and months.last_month
    left join (select distinct unit_id, month from {{ own }}) as measured
        on rows_in.unit_id = measured.unit_id and {{ month }} = measured.month
    left join (select distinct unit_id, month from {{ measures }} where source = '{{ source }}') as counted
        on rows_in.unit_id = counted.unit_id and {{ month }} = counted.month
    left join (
        select distinct unit_id, month
        from {{ measures }}
        where source = '{{ source }}' and measure_id in (select measure_id from {{ read }})
    ) as used
        on rows_in.unit_id = used.unit_id and {{ month }} = used.month
    left join {{ units }} as units
        on rows_in.unit_id = units.unit_id and {{ month }} = units.month
) as followed{% endset -%}
select loaded_rows.* from ({{ loaded_and_restated(loaded, followed, source, table.name, 'restated') }}) as loaded_rows
union all
select used_rows.* from ({{ rows_by_part(followed, source, "'" ~ table.name ~ "'", 'part') }}) as used_rows
{%- endmacro %}
