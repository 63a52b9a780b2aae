{{ config(materialized='view') }}
-- No key that was loaded is lost on the way to staging.
{% for contract, table, key in reconciled_tables() %}
select
    '{{ contract }}.{{ table }}' as source,
    '' as feed_id,
    '' as period,
    'keys' as measure,
    'used' as part,
    count(*) as n_rows,
    cast(0 as double) as amount
from (
    select distinct {{ key | join(', ') }}
    from {{ ref('stg_' ~ contract ~ '__' ~ table) }}
) as keys
union all
{% endfor %}
select
    source,
    '' as feed_id,
    '' as period,
    'keys' as measure,
    'loaded' as part,
    n_keys as n_rows,
    cast(0 as double) as amount
from {{ ref('stg_ops__loaded_keys') }}
