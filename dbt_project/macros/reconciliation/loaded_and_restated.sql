{# Rows loaded of a source table, and those of them that another row of the same thing has replaced.

   loaded: source, feed_id, period_ym; one row per row of the source table. staged: feed_id, period_ym;
   one row per row of staging. #}
{% macro loaded_and_restated(loaded, staged, source, measure, reason) -%}
    select
        '{{ source }}' as source,
        loaded.feed_id,
        loaded.period_ym as period,
        '{{ measure }}' as measure,
        parts.part,
        case parts.part
            when 'loaded' then loaded.n_rows else loaded.n_rows - coalesce(kept.n_rows, 0)
        end as n_rows,
        cast(0 as double) as amount
    from (
        select feed_id, period_ym, count(*) as n_rows
        from {{ loaded }}
        where source = '{{ source }}'
        group by feed_id, period_ym
    ) as loaded
    left join (
        select feed_id, period_ym, count(*) as n_rows
        from {{ staged }}
        group by feed_id, period_ym
    ) as kept
        on loaded.feed_id = kept.feed_id and loaded.period_ym = kept.period_ym
    cross join (select 'loaded' as part union all select '{{ reason }}' as part) as parts
{%- endmacro %}
