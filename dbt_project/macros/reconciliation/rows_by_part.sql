{# Rows of a relation counted by what becomes of them. `part` is used, or the reason why not. #}
{% macro rows_by_part(relation, source, measure, part, amount='cast(0 as double)') -%}
    select
        '{{ source }}' as source,
        feed_id,
        period_ym as period,
        {{ measure }} as measure,
        {{ part }} as part,
        count(*) as n_rows,
        {{ exact_sum(amount) }} as amount
    from {{ relation }}
    group by feed_id, period_ym{{ '' if measure.startswith("'") else ', ' ~ measure }}
        {{- '' if part.startswith("'") else ', ' ~ part }}
{%- endmacro %}
