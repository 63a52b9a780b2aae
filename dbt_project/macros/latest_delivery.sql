{# The rows of a source table, each primary key once: the one of the latest delivery. #}
{% macro latest_delivery(contract, table, keys) -%}
    select ranked.*
    from (
        select
            rows_in.*,
            row_number() over (
                partition by {% for key in keys %}rows_in.{{ key }}{{ ", " if not loop.last }}{% endfor %}
                order by deliveries.seq desc nulls last, rows_in.source_row desc nulls last
            ) as delivery_rank
        from {{ source(contract, table) }} as rows_in
        left join {{ source('ops', 'deliveries') }} as deliveries
            on rows_in.delivery_id = deliveries.delivery_id
    ) as ranked
    where ranked.delivery_rank = 1
{%- endmacro %}
