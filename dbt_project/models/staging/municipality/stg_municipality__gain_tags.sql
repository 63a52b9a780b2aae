select
    tag_of,
    code,
    serves,
    principle
from {{ source('municipality', 'gain_tags') }}
