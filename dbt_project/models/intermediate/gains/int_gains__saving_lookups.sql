{{ config(materialized='view') }}
-- Which budget each realised saving is looked up in, and between which years: the last whole year
-- before the realisation and the first whole year after it. What is expected is the amount's realised
-- part. The unit's own budget is used where the register names no line that exists.
with known_lines as (
    select distinct budget_id from {{ ref('int_gains__budgets') }} where scope = 'line'
),

named_lines as (
    select events.gain_id, min(events.reference) as budget_id
    from {{ ref('int_gains__events') }} as events
    inner join known_lines
        on events.reference = known_lines.budget_id
    where events.evidence_kind = 'budget_line' and events.fte_change > 0
        and not events.is_double_counted
    group by events.gain_id
)

select
    gains.gain_id,
    gains.unit_id,
    case when named_lines.budget_id is null then 'unit' else 'line' end as scope,
    coalesce(named_lines.budget_id, gains.unit_id) as budget_id,
    cast(extract(year from gains.first_realised_date) as integer) as realised_year,
    cast(extract(year from gains.first_realised_date) as integer) - 1 as year_before,
    cast(extract(year from gains.first_realised_date) as integer)
    + case when extract(month from gains.first_realised_date) = 1 then 0 else 1 end as year_after,
    cast(gains.amount_nok as double) * case
        when gains.identified_fte > 0
            then least(cast(gains.realised_fte as double) / cast(gains.identified_fte as double), 1e0)
        else 1e0
    end as expected_nok
from {{ ref('int_gains__register') }} as gains
left join named_lines
    on gains.gain_id = named_lines.gain_id
where gains.share_saving > 0 and gains.amount_nok > 0 and gains.first_realised_date is not null
    and gains.status <> 'dropped' and not gains.is_double_counted and gains.realised_fte > 0
