{# Hidden cells of one step of a split and of those before it: level, group_id, family_id (the step), the
   period, reason and is_primary. What is hidden in a step is hidden in those after it, and what an
   earlier edition hid is hidden.

   cells: level, group_id, cover_id, family_id, parent_step_id, step_no, the period, min_persons,
   n_persons_once, size_order, reason. figures: see running_protection. told: what editions hid
   (is_hidden), and what they may have shown, which is no company of others.
   earlier: the same of the steps before; none for the first. cover_level: whose total is hidden where
   its cells cannot protect each other; none where they always can, because the total could be shown. #}
{% macro hidden_in_step(step, cells, figures, told, period, earlier=none, cover_level=none) -%}
{% set as_period = month_label('cells.month') if period == 'month'
    else 'cast(cells.' ~ period ~ ' as ' ~ type_text() ~ ')' -%}
with step_cells as (
    select
        cells.level, cells.group_id, cells.family_id, cells.{{ period }}, cells.min_persons,
        cells.n_persons_once, cells.size_order, case when coalesce(told.is_hidden, true)
            or cells.reason is not null then cells.cover_id end as cover_id,
        coalesce(cells.reason{{ ', earlier.reason' if earlier }}, case
            when told.is_hidden then 'secondary' end) as reason
    from {{ cells }} as cells
    left join {{ told }} as told
        on cells.level = told.level and cells.group_id = told.group_id
        and cells.family_id = told.family_id and told.period = {{ as_period }}
    {% if earlier -%}
    left join {{ earlier }} as earlier
        on cells.level = earlier.level and cells.group_id = earlier.group_id
        and cells.parent_step_id = earlier.family_id
        and cells.{{ period }} = earlier.{{ period }}
    {% endif -%}
    where cells.step_no = {{ step }}
),

company as (
    {{ with_company('step_cells', figures, period) }}
)

select
    cells.level,
    cells.group_id,
    cells.family_id,
    cells.{{ period }},
    coalesce(cells.reason, 'secondary') as reason,
    coalesce(cells.reason, 'secondary') <> 'secondary' as is_primary
from step_cells as cells
left join company
    on cells.group_id = company.group_id and cells.family_id = company.family_id
    and cells.{{ period }} = company.{{ period }} and cells.cover_id = company.cover_id
{% if cover_level -%}
left join (
    select distinct family_id, {{ period }}, cover_id from company where not can_protect
) as opened
    on cells.level = '{{ cover_level }}' and cells.group_id = opened.cover_id
    and cells.family_id = opened.family_id and cells.{{ period }} = opened.{{ period }}
{% endif -%}
where
    cells.reason is not null
    or company.is_needed{{ " and company.can_protect or opened.cover_id is not null" if cover_level }}
{% if earlier -%}
union all
select * from {{ earlier }}
{%- endif %}
{%- endmacro %}
