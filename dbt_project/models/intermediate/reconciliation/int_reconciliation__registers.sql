{{ config(materialized='view') }}
-- Registers and what is told of Lean, by feed: every row loaded is behind what is published, or says
-- why not.
{% for table in followed_tables() %}
{% set source = table.of ~ '.' ~ table.name %}
{% set found_by = table.found_by | default(table.key) %}
{% set named = table.named | default(found_by) %}
select
    followed.source,
    followed.feed_id,
    '' as period,
    '{{ table.name }}' as measure,
    followed.part,
    count(*) as n_rows,
    cast(0 as double) as amount
from (
    select
        '{{ source }}' as source,
        deliveries.feed_id,
        {% if table.behind %}
        case
            when exists (
                select 1
                from {{ ref(table.behind) }} as behind
                where
                    {% for name in named %}
                    behind.{{ name }} = staged.{{ found_by[loop.index0] }}
                    {{ 'and' if not loop.last }}
                    {% endfor %}
            ) then 'used'
            {% if table.unless %}
            when {{ table.unless[1] }} then '{{ table.unless[0] }}'
            {% endif %}
        end as part
        {% else %}
        'used' as part
        {% endif %}
    from {{ ref('stg_' ~ table.of ~ '__' ~ table.name) }} as staged
    left join {{ ref('stg_ops__deliveries') }} as deliveries
        on staged.delivery_id = deliveries.delivery_id
        and deliveries.contract_id = '{{ table.of }}' and deliveries.table_name = '{{ table.name }}'
    cross join {{ ref('int_data_range') }} as data_range
) as followed
group by followed.source, followed.feed_id, followed.part
union all
{% endfor %}
select
    loaded.source,
    loaded.feed_id,
    '' as period,
    loaded.table_name as measure,
    parts.part,
    case parts.part
        when 'loaded' then loaded.n_rows else loaded.n_rows - coalesce(kept.n_rows, 0)
    end as n_rows,
    cast(0 as double) as amount
from (
    {% for table in followed_tables() %}
    select source, feed_id, '{{ table.name }}' as table_name, sum(n_rows) as n_rows
    from {{ ref('stg_ops__loaded_rows') }}
    where source = '{{ table.of }}.{{ table.name }}'
    group by source, feed_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as loaded
left join (
    {% for table in followed_tables() %}
    select '{{ table.of }}.{{ table.name }}' as source, deliveries.feed_id, count(*) as n_rows
    from {{ ref('stg_' ~ table.of ~ '__' ~ table.name) }} as staged
    left join {{ ref('stg_ops__deliveries') }} as deliveries
        on staged.delivery_id = deliveries.delivery_id
        and deliveries.contract_id = '{{ table.of }}' and deliveries.table_name = '{{ table.name }}'
    group by deliveries.feed_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as kept
    on loaded.source = kept.source and loaded.feed_id = kept.feed_id
cross join (select 'loaded' as part union all select 'restated' as part) as parts
