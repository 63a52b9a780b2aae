-- What the codes of the other tables are called, in the order they are listed.
select
    labels.domain,
    labels.code,
    labels.label_nb,
    labels.label_en
from {{ ref('labels') }} as labels
