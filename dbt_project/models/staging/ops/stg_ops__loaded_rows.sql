-- Every row of the source tables that are followed, with its feed, its period and its key.
{% for table in reconciled_tables() -%}
select '{{ table.of }}.{{ table.name }}' as source, '{{ table.name }}' as table_name, feed_id, period_ym,
    {{ row_key(table.key) }} as row_key
from {{ source(table.of, table.name) }}
{{ 'union all ' if not loop.last }}
{%- endfor %}
