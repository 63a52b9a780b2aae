{{ config(materialized='view') }}
-- Whether what a realised part refers to is still gone one and two years on, at the end of the calendar
-- year: the position is not filled, the budget line is lower than in the year before, the metric is
-- still better than in the year before the cycle. A decision, or what no one has delivered, cannot be
-- seen.
with parts as (
    select
        events.gain_id, events.event_no, events.evidence_kind, events.reference,
        events.counted_fte_change, gains.cycle_id, gains.unit_id, years.year_no,
        extract(year from events.event_date) - 1 as year_before,
        extract(year from events.event_date) + years.year_no as year
    from {{ ref('int_gains__events') }} as events
    inner join {{ ref('int_gains__register') }} as gains
        on events.gain_id = gains.gain_id
    cross join (select 1 as year_no union all select 2 as year_no) as years
    where events.counted_fte_change > 0
),

positions as (
    select
        parts.gain_id, parts.event_no, parts.year_no,
        count(case
            when spans.start_date <= make_date(cast(parts.year as integer), 12, 31)
                and coalesce(
                    spans.end_date >= make_date(cast(parts.year as integer), 12, 31), true
                ) then 1
        end) as n_filled
    from parts
    inner join {{ ref('int_hr__position_spans') }} as spans
        on parts.evidence_kind = 'position' and parts.reference = upper(trim(spans.position_id))
    group by parts.gain_id, parts.event_no, parts.year_no
),

known as (
    select
        parts.gain_id, parts.event_no, parts.year_no, parts.year, parts.counted_fte_change,
        case
            when parts.evidence_kind = 'position' then positions.n_filled = 0
            when parts.evidence_kind = 'budget_line'
                then after.budget_nok / levels_after.price_level
                    < before.budget_nok / levels_before.price_level
            when parts.evidence_kind = 'measurement' then measured.is_better
        end as is_still_there
    from parts
    left join positions
        on parts.gain_id = positions.gain_id and parts.event_no = positions.event_no
        and parts.year_no = positions.year_no
    left join {{ ref('int_gains__budgets') }} as before
        on before.scope = 'line' and parts.reference = before.budget_id
        and parts.year_before = before.year
    left join {{ ref('int_gains__budgets') }} as after
        on after.scope = 'line' and parts.reference = after.budget_id and parts.year = after.year
    left join {{ ref('int_price_levels') }} as levels_before
        on parts.year_before = levels_before.year
    left join {{ ref('int_price_levels') }} as levels_after
        on parts.year = levels_after.year
    left join {{ ref('int_gains__measured_years') }} as measured
        on parts.cycle_id = measured.cycle_id and parts.reference = measured.metric_id
        and parts.year = measured.year
)

select
    gain_id, event_no, year_no, year, counted_fte_change,
    case
        when is_still_there is null then 'cannot_see'
        when is_still_there then 'still_there'
        else 'gone'
    end as evidence_status
from known
