"""Persons behind every figure that is shown, counted from the rows as they were delivered.

The models hide by the persons they have counted, and the guard before publishing judges by those.
The gate judges by this count, which shares nothing with theirs: neither the persons nor which limit
a metric has. It never counts fewer than the models do (a position that a later register moves is
counted where both say), so it stops nothing that is rightly shown. No rule of suppression but the
smallest group is here.
"""

# who held a position, until the last register that had it; hourly paid are behind no figure
_EMPLOYED = """
    registers as (
        select delivery_id, seq, coalesce(
            register_date, case when periods = 'all' then cast(received_at as date) end
        ) as listed_on
        from ops.deliveries
        where contract_id = 'hr' and table_name = 'positions'
    ),
    positions as (
        select
            rows_in.*,
            max(listed_on) over (partition by feed_id, position_id) as last_listed_on,
            max(listed_on) over (partition by feed_id) as newest_on,
            rank() over (partition by position_id, start_date order by seq desc nulls last) as age
        from hr.positions as rows_in
        left join registers on rows_in.delivery_id = registers.delivery_id
    ),
    employed as (
        select
            person_id, unit_id,
            employment_type = 'permanent' as is_permanent, start_date,
            least(
                coalesce(end_date, date '9999-12-31'),
                case when last_listed_on < newest_on then last_listed_on else date '9999-12-31' end
            ) as end_date
        from positions
        where age = 1 and employment_type <> 'hourly'
    )"""

# what is shown, in which sector a unit was, and each metric's limit by the municipality's settings
_SHOWN = """
    limits as (
        select
            metrics.metric_id,
            case when coalesce(totals.unit_grain, metrics.unit_grain) = 'year'
                    or metrics.split_of is not null and metrics.split_group <> 'complement'
                then profile.min_persons_split else profile.min_persons end as min_persons
        from municipality.metrics as metrics
        cross join municipality.profile as profile
        left join municipality.metrics as totals on metrics.split_of = totals.metric_id
        where metrics.is_about_persons
    ),
    shown as (
        select level, group_id, metric_id, strftime(month, '%Y-%m') as period,
            month as first_day, last_day(month) as last_day
        from marts.fct_metric_months
        where value is not null or numerator is not null or denominator is not null
        union all
        select level, group_id, metric_id, cast(year as varchar) as period,
            make_date(year, 1, 1) as first_day, make_date(year, 12, 31) as last_day
        from marts.mart_metric_years
        where value is not null or numerator is not null or denominator is not null
    ),
    periods as materialized (select distinct period, first_day, last_day from shown),
    sectors as (
        select distinct periods.period, months.unit_id, months.sector
        from (
            select distinct group_id as unit_id, sector, month
            from marts.fct_metric_months
            where level = 'unit'
        ) as months
        inner join periods on months.month between periods.first_day and periods.last_day
    )"""

# the persons behind a ratio are those it is measured against; those of a count its own
_PARTS = """
    parts as (
        select distinct measures.metric_id, measures.measure_id
        from municipality.metric_measures as measures
        left join (
            select distinct metric_id from municipality.metric_measures where role = 'denominator'
        ) as ratios on measures.metric_id = ratios.metric_id
        where measures.role = 'denominator' or ratios.metric_id is null
    ),
    sources as (
        select distinct measure_id, source from intermediate.int_measures_unioned
    ),
    of_staff as (
        select
            parts.metric_id,
            bool_and(parts.measure_id in ('permanent_staff', 'leavers', 'movers')) as is_permanent,
            bool_and(sources.source = 'ledger.entries') as is_ledger
        from parts
        inner join sources on parts.measure_id = sources.measure_id
        where sources.source in ('hr.positions', 'sick_leave.spells', 'ledger.entries')
        group by parts.metric_id
    )"""

# staff, each person once in a group and period
_STAFF = """
    present as (
        select periods.period, employed.unit_id, sectors.sector, employed.person_id,
            employed.is_permanent
        from employed
        inner join periods
            on employed.start_date <= periods.last_day and employed.end_date >= periods.first_day
        left join sectors
            on employed.unit_id = sectors.unit_id and periods.period = sectors.period
    ),
    levels as (
        select 'unit' as level, unit_id as group_id, period, person_id, is_permanent from present
        union all
        select 'sector', sector, period, person_id, is_permanent from present
        union all
        select 'municipality', 'all', period, person_id, is_permanent from present
    ),
    staff as (
        select level, group_id, period, count(distinct person_id) as n_persons,
            count(distinct case when is_permanent then person_id end) as n_permanent
        from levels
        group by level, group_id, period
    )"""

# what came with its own count of persons, and what hidden units have counted with in earlier
# editions, which stays in the totals; in a year as in its largest month
_TOLD = """
    told_months as (
        select 'delivered' as kind, parts.metric_id, told.unit_id, told.month,
            max(told.n_persons) as n_persons
        from intermediate.int_measures_unioned as told
        inner join parts on told.measure_id = parts.measure_id
        where told.source not in ('hr.positions', 'sick_leave.spells', 'ledger.entries')
        group by parts.metric_id, told.unit_id, told.month
        union all
        select 'kept', metric_id, unit_id, month, max(n_persons)
        from ops.counted_cells
        group by metric_id, unit_id, month
    ),
    told_levels as (
        select told.*, periods.period, sectors.sector
        from told_months as told
        inner join periods on told.month between periods.first_day and periods.last_day
        left join sectors
            on told.unit_id = sectors.unit_id and periods.period = sectors.period
    ),
    told as (
        select kind, 'unit' as level, unit_id as group_id, metric_id, period,
            max(n_persons) as n_persons
        from told_levels
        where kind = 'delivered' or month < (
            select max(open_from) from ops.closed_sources where contract_id = 'hr'
        )
        group by kind, unit_id, metric_id, period
        union all
        select kind, level, group_id, metric_id, period, max(n_persons) as n_persons
        from (
            select kind, 'sector' as level, sector as group_id, metric_id, period, month,
                sum(n_persons) as n_persons
            from told_levels
            group by kind, sector, metric_id, period, month
            union all
            select kind, 'municipality', 'all', metric_id, period, month, sum(n_persons)
            from told_levels
            group by kind, metric_id, period, month
        ) as monthly
        group by kind, level, group_id, metric_id, period
    ),
    told_most as (
        select level, group_id, metric_id, period, max(n_persons) as n_persons
        from told
        group by level, group_id, metric_id, period
    )"""

SMALL_GROUPS = f"""
with {_EMPLOYED}, {_SHOWN}, {_PARTS}, {_STAFF}, {_TOLD}
select case when greatest(
            coalesce(case when of_staff.is_permanent then staff.n_permanent
                when of_staff.metric_id is not null then staff.n_persons end, 0),
            coalesce(told_most.n_persons, 0)
        ) < limits.min_persons
        -- nobody knows a small group where no staff was ever delivered: accounts alone
        and not (coalesce(of_staff.is_ledger, false) and not exists (select 1 from employed))
    then shown.metric_id || ' ' || shown.group_id || ' ' || shown.period end as problem
from shown
inner join limits on shown.metric_id = limits.metric_id
left join of_staff on shown.metric_id = of_staff.metric_id
left join staff
    on shown.level = staff.level and shown.group_id = staff.group_id
    and shown.period = staff.period
left join told_most
    on shown.level = told_most.level and shown.group_id = told_most.group_id
    and shown.metric_id = told_most.metric_id and shown.period = told_most.period
order by shown.metric_id, shown.group_id, shown.period
"""
"""One row for each figure about persons that is shown; a problem where too few stand behind it."""
