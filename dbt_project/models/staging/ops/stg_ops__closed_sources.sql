-- From which month each source is computed from its rows; before it, from what was kept of them.
select
    contract_id,
    max(open_from) as open_from
from {{ source('ops', 'closed_sources') }}
group by contract_id
