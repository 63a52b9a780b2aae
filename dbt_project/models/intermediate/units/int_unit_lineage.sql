{{ config(materialized='view') }}
-- Per unit: the units its series continues, those that continue it, and all that has become of it in
-- one text, oldest first.
with successors as (
    select from_unit_id, to_unit_id
    from {{ ref('int_unit_changes') }}
    where change_type in ('merge', 'split', 'rename') and from_unit_id <> to_unit_id
),

continues as (
    select to_unit_id as unit_id, {{ text_list('from_unit_id') }} as continues
    from successors
    group by to_unit_id
),

continued as (
    select from_unit_id as unit_id, {{ text_list('to_unit_id') }} as continued_by
    from successors
    group by from_unit_id
),

told as (
    select
        unit_id,
        {% call(language) each_language() %}
        {{ text_in_order(
            "concat(" ~ shown_date('change_date', language) ~ ", ': ', label_" ~ language ~ ")", 'change_date', ' · '
        ) }} as history_{{ language }}
        {% endcall %}
    from {{ ref('int_unit_change_texts') }}
    group by unit_id
)

select
    units.unit_id,
    continues.continues,
    continued.continued_by,
    {{ worded('told.history') }}
from {{ ref('int_units') }} as units
left join continues
    on units.unit_id = continues.unit_id
left join continued
    on units.unit_id = continued.unit_id
left join told
    on units.unit_id = told.unit_id
