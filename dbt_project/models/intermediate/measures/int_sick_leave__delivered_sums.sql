{{ config(materialized='view') }}
-- Sick and agreed days a source has summed itself. A unit uses one definition for its whole series
-- (the one with most months), and only when its own spells do not give the figure: two definitions
-- are never joined in one line. Where persons are not given, agreed days give a lower bound,
-- because nobody is more than one FTE in a month.
with counted as (
    select
        unit_months.*,
        count(*) over (partition by unit_months.unit_id, unit_months.definition) as n_months
    from {{ ref('stg_sick_leave__unit_months') }} as unit_months
    left join (
        select distinct unit_id from {{ ref('int_sick_leave__unit_months') }}
    ) as from_spells
        on unit_months.unit_id = from_spells.unit_id
    where from_spells.unit_id is null
),

ranked as (
    select
        counted.*,
        dense_rank() over (partition by unit_id order by n_months desc, definition asc)
            as definition_order
    from counted
)

select
    ranked.unit_id,
    ranked.month,
    ranked.definition,
    ranked.sick_days,
    ranked.agreed_days,
    coalesce(
        ranked.n_persons,
        cast(floor(ranked.agreed_days / nullif(months.counted_days, 0)) as integer)
    ) as n_persons,
    ranked.delivery_id
from ranked
inner join {{ ref('int_months') }} as months
    on ranked.month = months.month
where ranked.definition_order = 1
