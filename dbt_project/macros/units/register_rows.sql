{# The rows of every register of the organisation that counts: `register_month` is the month the
   register is of (NULL where its file does not say), `content_seq` when its content first came. #}
{% macro register_rows(table) -%}
    select
        rows_in.*,
        case when rows_in.period_ym <> 'all' then {{ month_from(
            "substring(rows_in.period_ym, 1, 4)",
            "coalesce(nullif(cast(substring(rows_in.period_ym, 6, 2) as integer), 0), 12)"
        ) }} end as register_month,
        coalesce(contents.content_seq, deliveries.seq) as content_seq
    from {{ source('organisation', table) }} as rows_in
    left join {{ source('ops', 'deliveries') }} as deliveries
        on rows_in.delivery_id = deliveries.delivery_id
        and deliveries.contract_id = 'organisation' and deliveries.table_name = '{{ table }}'
    left join (
        select feed_id, coalesce(content_id, file_sha256) as content, min(seq) as content_seq
        from {{ source('ops', 'deliveries') }}
        where contract_id = 'organisation' and table_name = '{{ table }}'
        group by feed_id, coalesce(content_id, file_sha256)
    ) as contents
        on deliveries.feed_id = contents.feed_id
        and coalesce(deliveries.content_id, deliveries.file_sha256) = contents.content
{%- endmacro %}
