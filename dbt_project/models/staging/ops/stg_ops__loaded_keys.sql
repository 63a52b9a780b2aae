-- How many different keys every source table has.
{% for contract, table, key in reconciled_tables() %}
select
    '{{ contract }}.{{ table }}' as source,
    count(*) as n_keys
from (
    select distinct {{ key | join(', ') }}
    from {{ source(contract, table) }}
) as keys
{% if not loop.last %}union all{% endif %}
{% endfor %}
