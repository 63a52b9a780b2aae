-- What became of everything that was loaded, by feed, period and measure: loaded, used in what is
-- published, or a named reason why not. A row without any of them is left over. Amounts are kroner for the accounts, else days.
{% for source in sources_with_own_reconciliation()
    + ['ready_counted', 'keys', 'registers', 'measures', 'cells'] %}
select
    source,
    feed_id,
    period,
    measure,
    part,
    cast(n_rows as bigint) as n_rows,
    amount
from {{ ref('int_reconciliation__' ~ source) }}
where part is not null and (part = 'loaded' or n_rows <> 0 or amount <> 0)
{% if not loop.last %}union all{% endif %}
{% endfor %}
