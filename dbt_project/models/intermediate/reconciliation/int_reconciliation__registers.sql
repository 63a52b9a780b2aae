{{ config(materialized='view') }}
-- Registers and what is told of Lean, by feed: every row loaded is behind what is published, or says
-- why not.
with staged as (
    {% for table in followed_tables() -%}
    {%- set columns = table.found_by | default(table.key) -%}
    select '{{ table.of }}' as contract_id, '{{ table.name }}' as table_name, delivery_id,
        {{ found_key(columns) }} as found_key, {{ part_unless_found(table) }} as otherwise,
        {{ table.dated | default('null') }} as dated
    {{- ' ' }}from {{ ref('stg_' ~ table.of ~ '__' ~ table.name) }}
    {{ 'union all ' if not loop.last }}
    {%- endfor %}
),

published as (
    {% for table in followed_tables() if table.behind -%}
    {%- set columns = table.named | default(table.found_by) | default(table.key) -%}
    select '{{ table.name }}' as table_name, {{ found_key(columns) }} as found_key
    from {{ ref(table.behind) }}
    {{ 'union all ' if not loop.last }}
    {%- endfor %}
),

followed as (
    select
        concat(staged.contract_id, '.', staged.table_name) as source,
        staged.table_name,
        deliveries.feed_id,
        case
            when behind.found_key is not null then 'used'
            when staged.otherwise = 'after_the_data' and staged.dated <= data_range.last_day then null
            else staged.otherwise
        end as part
    from staged
    cross join {{ ref('int_data_range') }} as data_range
    left join {{ ref('stg_ops__deliveries') }} as deliveries
        on staged.delivery_id = deliveries.delivery_id
        and staged.contract_id = deliveries.contract_id and staged.table_name = deliveries.table_name
    left join (select distinct table_name, found_key from published) as behind
        on staged.table_name = behind.table_name and staged.found_key = behind.found_key
),

loaded as (
    select source, table_name, feed_id, count(*) as n_rows
    from {{ ref('stg_ops__loaded_rows') }}
    where source in (
        {%- for table in followed_tables() %}'{{ table.of }}.{{ table.name }}'{{ ', ' if not loop.last }}
        {%- endfor %})
    group by source, table_name, feed_id
),

kept as (
    select source, feed_id, count(*) as n_rows
    from followed
    group by source, feed_id
)

select source, feed_id, '' as period, table_name as measure, part, count(*) as n_rows, 0e0 as amount
from followed
group by source, feed_id, table_name, part
union all
select
    loaded.source,
    loaded.feed_id,
    '' as period,
    loaded.table_name as measure,
    parts.part,
    case parts.part
        when 'loaded' then loaded.n_rows else loaded.n_rows - coalesce(kept.n_rows, 0)
    end as n_rows,
    0e0 as amount
from loaded
left join kept
    on loaded.source = kept.source and loaded.feed_id = kept.feed_id
cross join (select 'loaded' as part union all select 'restated' as part) as parts
