{# What the sectors without a total (open) hide in the municipality's. What each of them hides may not
   stand alone there, so the block is the sector. In this order more is hidden: totals of sectors that
   hide units already, then units of sectors that hide none, then the others; the usually smallest
   first, the same every period.

   first_choice: from hidden_in_sectors. figures: see running_protection. #}
{% macro hidden_between_sectors(first_choice, figures, period) -%}
{% set whole = 'family_id, ' ~ period -%}
{% set is_enough -%}
place >= n_exposed and (step >= 2 or n_left = 1) and has_persons and has_figures
{%- endset -%}
with sector_order as (
    select
        first_choice.*,
        case
            when is_hidden and is_open then 0
            when is_hidden then 1
            when max(case when is_hidden then 1 else 0 end)
                over (partition by {{ whole }}, sector) = 0 then 2
            else 3
        end as step,
        min(size_order) over (partition by {{ whole }}, sector) as sector_size
    from {{ first_choice }} as first_choice
),

in_municipality as (
    select
        sector_order.*,
        row_number() over (
            partition by {{ whole }}
            order by step, sector_size, sector, size_order, group_id
        ) as place,
        sum(case when step = 0 then 1 else 0 end) over (partition by {{ whole }}) as n_exposed,
        -- a sector that is opened shows all that it hides
        row_number() over (
            partition by {{ whole }}, sector, step
            order by size_order desc, group_id desc
        ) as n_left
    from sector_order
),

municipality_steps as (
    {{ running_protection('in_municipality', figures, ['family_id', period], 'sector', period,
        'n_exposed') }}
),

chosen as (
    select
        municipality_steps.*,
        max(case when {{ is_enough }} then 1 else 0 end) over (partition by {{ whole }}) = 1
            as can_protect,
        {{ was_enough_before(is_enough, whole) }} as is_past_enough
    from municipality_steps
)

select
    family_id, {{ period }}, sector, group_id, is_hidden, is_open,
    has_whole and n_exposed > 0 and not is_count and can_protect and step > 0
    and not is_past_enough as is_picked,
    n_exposed > 0 and (is_count or not can_protect) as is_whole_hidden
from chosen
{%- endmacro %}
