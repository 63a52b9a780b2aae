{# Which cells must be hidden so that what is hidden behind a published total
   protects: those with a reason of their own, and the next usually smallest until it is enough.

   cells: group_id, family_id, the period, cover_id (whose total they are in), min_persons,
   n_persons_once, size_order, reason. figures: see running_protection. `can_protect` says whether
   there are enough of them at all. #}
{% macro with_company(cells, figures, period) -%}
{% set cover = 'family_id, ' ~ period ~ ', cover_id' %}
{% set is_enough = 'place >= n_own and has_persons and has_figures' %}
with ranked as (
    select
        cells.*,
        row_number() over (
            partition by {{ cover }}
            order by case when reason is null then 1 else 0 end, size_order, group_id
        ) as place,
        count(reason) over (partition by {{ cover }}) as n_own
    from {{ cells }} as cells
    where cover_id is not null
),

steps as (
    {{ running_protection('ranked', figures, ['family_id', period, 'cover_id'], 'group_id', period,
        'n_own') }}
)

select
    steps.group_id,
    steps.family_id,
    steps.{{ period }},
    steps.cover_id,
    steps.n_own > 0 and not {{ was_enough_before(is_enough, cover) }} as is_needed,
    steps.n_own = 0 or max(case when {{ is_enough }} then 1 else 0 end)
        over (partition by {{ cover }}) = 1 as can_protect
from steps
{%- endmacro %}
