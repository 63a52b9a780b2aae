select
    month
from {{ source('ops', 'kept_absence_covered') }}
