{# The rows of `ranked`, in the order in which they would be hidden, with what would stand behind a
   total if this one and those before it were hidden:

   has_persons: at least two units, and together at least min_persons;
   has_figures: in every figure the sum less any block is at least that block's protection level. A
   rest of nothing is exactly known, and one that is nearly all one unit's is nearly so. An amount
   below nothing (a refund) hides as much as one above, so the size is what counts.

   ranked: group_id, family_id, the period, place (from 1), min_persons, n_persons_once, the block
   and the partition. figures: group_id, family_id, the period, side, amount, share_of; one side
   per figure that could be worked out. partition: columns; block: what may not stand alone; only: a number of
   cells in the partition, without any of which nothing is asked. share_of: the level is a share of it. #}
{% macro running_protection(ranked, figures, partition, block, period, only=none) -%}
{% set keys = 'ranked.' ~ partition | join(', ranked.') -%}
{% set so_far = ' order by ranked.place rows unbounded preceding' -%}
with blocks as (
    select
        {{ keys }}, ranked.place, sides.side, sides.amount_size,
        {% for size in ['amount_size', 'share_size'] -%}
        {{ exact_sum('sides.' ~ size, '(partition by ' ~ keys ~ ', sides.side, ranked.'
            ~ block ~ so_far ~ ')') }} as block_{{ size }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ ranked }} as ranked
    inner join (
        select
            group_id, family_id, {{ period }}, side,
            coalesce(abs(amount), 0e0) as amount_size,
            coalesce(abs(share_of), 0e0) as share_size
        from {{ figures }}
    ) as sides
        on ranked.group_id = sides.group_id and ranked.family_id = sides.family_id
        and ranked.{{ period }} = sides.{{ period }}
    {{ 'where ranked.' ~ only ~ ' > 0' if only }}
),

sums as (
    select
        {{ keys }}, ranked.place,
        {{ exact_sum('ranked.amount_size', '(partition by ' ~ keys ~ ', ranked.side' ~ so_far
            ~ ')') }} as total,
        max({{ needed_behind('ranked.block_amount_size', 'ranked.block_share_size') }})
            over (partition by {{ keys }}, ranked.side{{ so_far }}) as needed
    from blocks as ranked
    cross join {{ ref('stg_municipality__profile') }} as level
),

protected as (
    select
        {{ keys }}, ranked.place,
        min(case when {{ protects('ranked.total', 'ranked.needed') }} then 1 else 0 end)
            as n_protected
    from sums as ranked
    group by {{ keys }}, ranked.place
)

select
    ranked.*,
    ranked.place >= 2 and sum(ranked.n_persons_once) over (
        partition by {{ keys }}{{ so_far }}
    ) >= ranked.min_persons as has_persons,
    coalesce(found.n_protected, 0) = 1 as has_figures
from {{ ranked }} as ranked
left join protected as found
    on ranked.place = found.place
    {% for column in partition -%}
    and ranked.{{ column }} = found.{{ column }}
    {% endfor %}
{%- endmacro %}

{# Whether a row before this one in the partition would have been enough. #}
{% macro was_enough_before(is_enough, partition) -%}
coalesce(max(case when {{ is_enough }} then 1 else 0 end) over (
            partition by {{ partition }} order by place
            rows between unbounded preceding and 1 preceding
        ), 0) = 1
{%- endmacro %}
