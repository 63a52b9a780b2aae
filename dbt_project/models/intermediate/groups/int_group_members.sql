-- Which units stand behind each row of a group of units, and how many halves of the limit of persons
-- each is sure to hold (2: the limit alone, 1: half of it, 0: neither, or not known). What is not
-- about persons has no such limit. Months before a unit came and after it went are not in it: it
-- has no figures there.
with months as (
    select
        {{ group_cell('months', ['levels.metric_id', 'levels.month']) }} as cell,
        levels.sector,
        levels.group_id as unit_id,
        case
            when not metrics.is_about_persons or levels.n_persons_once >= metrics.min_persons then 2
            when
                levels.n_persons_once >= profile.min_persons
                and 2 * profile.min_persons >= metrics.min_persons
                then 1
            else 0
        end as limit_halves
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id
    cross join {{ ref('stg_municipality__profile') }} as profile
    where levels.level = 'unit' and levels.has_data
),

-- all who were there in a month of the year stand behind its pay
persons as (
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
        case when persons.n_persons >= profile.min_persons then 2 else 0 end as limit_halves
    from {{ ref('int_ledger__year_totals') }} as totals
    cross join {{ ref('stg_municipality__profile') }} as profile
    left join persons
        on totals.scope_id = persons.unit_id and totals.year = persons.year
    where totals.scope_type = 'unit'
),

gains as (
    select distinct
        {{ group_cell('gains', ['as_of_date']) }} as cell,
        breakdown as level,
        breakdown_value as group_id,
        unit_id
    from {{ ref('int_gain_lines') }}
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

select cell, 'municipality' as level, 'all' as group_id, unit_id, limit_halves from months
union all
select cell, 'sector' as level, sector as group_id, unit_id, limit_halves from months
union all
select cell, 'municipality' as level, 'all' as group_id, unit_id, limit_halves from economy
union all
select cell, level, group_id, unit_id, 2 as limit_halves from gains
union all
select cell, 'municipality' as level, 'all' as group_id, unit_id, 2 as limit_halves from signals
