-- What the codes of the other tables are called, in the order they are listed.
select
    labels.domain,
    labels.code,
    {{ worded('labels.label') }}
from {{ ref('labels') }} as labels
