-- How many rows every feed has in its source table, per period.
{% for contract, table, key in reconciled_tables() %}
select
    '{{ contract }}.{{ table }}' as source,
    feed_id,
    period_ym,
    count(*) as n_rows
from {{ source(contract, table) }}
group by feed_id, period_ym
{% if not loop.last %}union all{% endif %}
{% endfor %}
