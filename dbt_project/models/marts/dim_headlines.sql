-- Every headline there is: its words, its group, its place in the talk and what to do next.
select
    headline,
    headline_group,
    verdict_class,
    talk_order,
    headline_nb,
    headline_en,
    next_step_nb,
    next_step_en
from {{ ref('headlines') }}
