{{ config(materialized='view') }}
-- The hidden cells of tonight that stay hidden, so that no two editions together show one. Totals of
-- groups are judged anew, by the units that no edition has shown. What is only not there yet (a year
-- or a case that is not over, a group most of whose units have not delivered) and what follows from
-- other cells are not kept.
select
    level,
    group_id,
    family_id,
    {{ month_label('month') }} as period
from {{ ref('int_suppression__totals') }}
where level = 'unit'
union all
select
    level,
    group_id,
    family_id,
    {{ month_label('month') }} as period
from {{ ref('int_suppression__splits') }}
where reason not in ('few_units', 'not_settled')
union all
select
    level,
    group_id,
    family_id,
    cast(year as {{ type_text() }}) as period
from {{ ref('int_suppression__years') }}
where reason not in ('part_year', 'not_settled', 'months_hidden', 'total_hidden')
