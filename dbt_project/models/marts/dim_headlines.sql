-- Every headline there is: its words, its group, its place in the talk and what to do next.
select
    headline,
    headline_group,
    verdict_class,
    talk_order,
    {{ worded('headline') }},
    {{ worded('next_step') }}
from {{ ref('headlines') }}
