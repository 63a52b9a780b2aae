{{ config(materialized='view') }}
-- No key that was loaded is lost on the way to staging.
with staged as (
    {% for table in reconciled_tables() -%}
    select '{{ table.of }}.{{ table.name }}' as source, count(distinct {{ row_key(table.key) }}) as n_keys
    from {{ ref('stg_' ~ table.of ~ '__' ~ table.name) }}
    {{ 'union all ' if not loop.last }}
    {%- endfor %}
),

loaded as (
    select source, count(distinct row_key) as n_keys
    from {{ ref('stg_ops__loaded_rows') }}
    group by source
)

select
    staged.source,
    '' as feed_id,
    '' as period,
    'keys' as measure,
    parts.part,
    case parts.part when 'used' then staged.n_keys else coalesce(loaded.n_keys, 0) end as n_rows,
    cast(0 as double) as amount
from staged
left join loaded
    on staged.source = loaded.source
cross join (select 'loaded' as part union all select 'used' as part) as parts
