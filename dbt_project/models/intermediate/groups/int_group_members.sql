-- Which units stand behind each row of a group of units, and how many halves of the limit of persons
-- each is sure to hold (2: the limit alone, 1: half of it, 0: neither, or not known). What is not
-- about persons has no such limit. NULL: the unit has no figure of its own there (nothing to measure
-- against, nothing but zero), so that it hides no other.
-- all who were there in a month of the year stand behind its pay
with persons as (
    select
        group_id as unit_id,
        extract(year from month) as year,
        max(n_persons_once) as n_persons
    from {{ ref('int_metric_levels') }}
    where level = 'unit' and has_data
    group by group_id, extract(year from month)
),

economy as (
    select
        {{ group_cell('economy', ['totals.year', 'totals.art_group']) }} as cell,
        totals.scope_id as unit_id,
        case
            -- of a unit that hides a line, that there is nothing in it may not be known
            when coalesce(totals.accounts_nok, 0e0) = 0 and coalesce(totals.revised_budget_nok, 0e0) = 0
                and hidden.refund_reason is null then null
            when persons.n_persons >= profile.min_persons then 2
            else 0
        end as limit_halves
    from {{ ref('int_suppression__year_lines') }} as totals
    cross join {{ ref('stg_municipality__profile') }} as profile
    left join persons
        on totals.scope_id = persons.unit_id and totals.year = persons.year
    left join {{ ref('int_suppression__ledger_lines') }} as hidden
        on totals.scope_id = hidden.unit_id and totals.year = hidden.year
    where totals.scope_type = 'unit'
),

gains as (
    select distinct
        {{ group_cell('gains', ['as_of_date']) }} as cell,
        breakdown as level,
        breakdown_value as group_id,
        unit_id
    from {{ ref('int_gain_lines') }}
    -- a dropped gain is in no sum
    where identified_fte <> 0 or realised_fte <> 0
),

signals as (
    select
        {{ group_cell('pitfalls', ['signal_id']) }} as cell,
        unit_id
    from {{ ref('int_pitfall_signals') }}
    where unit_id is not null and status <> 'cannot_see'
    union all
    select
        {{ group_cell('pitfalls', ['signals.signal_id']) }} as cell,
        units.unit_id
    from {{ ref('int_pitfall_signals') }} as signals
    cross join {{ ref('int_units') }} as units
    where signals.unit_id is null
)

{% for period in ['months', 'years'] %}
select cell, 'municipality' as level, 'all' as group_id, unit_id, max(limit_halves) as limit_halves
from {{ ref('int_group_members__' ~ period) }}
group by cell, unit_id
union all
select cell, 'sector' as level, sector as group_id, unit_id, limit_halves
from {{ ref('int_group_members__' ~ period) }}
union all
{% endfor %}
select cell, 'municipality' as level, 'all' as group_id, unit_id, limit_halves from economy
union all
select cell, level, group_id, unit_id, 2 as limit_halves from gains
union all
select cell, 'municipality' as level, 'all' as group_id, unit_id, 2 as limit_halves from signals
