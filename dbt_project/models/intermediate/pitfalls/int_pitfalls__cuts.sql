{{ config(materialized='view') }}
-- Pitfall 5: was the unit cut while it learned Lean. Budget: the year six months after the course began
-- against the year before, fixed prices where indexed. FTE: six months after the start month against six before.
with budgets as (
    select
        entries.unit_id,
        entries.year,
        cast(sum(entries.amount_nok) as double) / max(prices.price_level) as budget_nok
    from {{ ref('int_ledger__entries') }} as entries
    inner join {{ ref('int_price_levels') }} as prices
        on entries.year = prices.year
    where entries.amount_type = 'revised_budget' and entries.is_year_total
    group by entries.unit_id, entries.year
),

windows as (
    select
        unit_id,
        {{ month_index('start_date') }} as start_index,
        extract(year from {{ add_months('start_date', 6) }}) as cut_year,
        {{ add_months('start_date', 6) }} as cut_date
    from {{ ref('int_activity__units') }}
),

fte as (
    select
        windows.unit_id,
        {{ month_index('visible.month') }} - windows.start_index as distance,
        visible.value
    from windows
    inner join {{ ref('int_metric_months_visible') }} as visible
        on windows.unit_id = visible.group_id
        and visible.level = 'unit' and visible.metric_id = 'agreed_fte'
    where visible.value is not null
),

fte_sums as (
    select
        unit_id,
        {{ exact_sum('case when distance between -6 and -1 then value end') }} as before_fte,
        {{ exact_sum('case when distance between 1 and 6 then value end') }} as after_fte,
        count(case when distance between -6 and -1 or distance between 1 and 6 then 1 end)
            as n_months
    from fte
    group by unit_id
)

select
    windows.unit_id,
    'budget_cut' as signal_id,
    case
        when before.budget_nok > 0
            then 100e0 - 100e0 * {{ ratio('current_year.budget_nok', 'before.budget_nok') }}
    end as value,
    windows.cut_year - 1 as n,
    windows.cut_year as n_other,
    windows.cut_date as figure_date,
    windows.cut_date as first_date,
    'no_budget' as reason
from windows
left join budgets as current_year
    on windows.unit_id = current_year.unit_id and windows.cut_year = current_year.year
left join budgets as before
    on windows.unit_id = before.unit_id and windows.cut_year - 1 = before.year
union all
select
    windows.unit_id,
    'fte_cut' as signal_id,
    case
        when fte_sums.n_months = 12
            then 100e0 - 100e0 * {{ ratio('fte_sums.after_fte', 'fte_sums.before_fte') }}
    end as value,
    null as n,
    null as n_other,
    windows.cut_date as figure_date,
    windows.cut_date as first_date,
    'no_fte' as reason
from windows
left join fte_sums
    on windows.unit_id = fte_sums.unit_id
