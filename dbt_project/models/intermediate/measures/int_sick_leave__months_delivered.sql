-- Months the absence register covers. A delivery covers every month from its first period to its
-- last, so that a month in which nobody was absent is a true zero; a delivery of everything covers
-- the months in which its spells start. Months no delivery covers are missing, not zero. Leave may be
-- planned ahead: no month after the last in which sickness began, or that a file was named for, counts. Of
-- months whose rows are deleted, those that were covered then.
with {{ closed('sick_leave') }},

months as (
    select distinct
        month,
        cast(extract(year from month) * 100 + extract(month from month) as integer) as ym
    from {{ ref('int_days') }}
),

deliveries as (
    select delivery_id, periods
    from {{ ref('stg_ops__deliveries') }}
    where contract_id = 'sick_leave' and table_name = 'spells' and status = 'loaded'
),

named_periods as (
    select deliveries.delivery_id, months.month
    from deliveries
    inner join months
        on concat(',', replace(replace(deliveries.periods, ' ', ''), '-', ''), ',')
            like concat('%,', cast(months.ym as {{ type_text() }}), ',%')
),

starts as (
    select spells.delivery_id, {{ month_of('spells.start_date') }} as month
    from {{ ref('stg_sick_leave__spells') }} as spells
    where spells.period_ym = 'all'
),

known as (
    select max(month) as last_month
    from (
        select {{ month_of('start_date') }} as month
        from {{ ref('stg_sick_leave__spells') }}
        where absence_type in ('self_certified', 'certified', 'child_sick')
        union all
        select named_periods.month
        from named_periods
        inner join deliveries
            on named_periods.delivery_id = deliveries.delivery_id
        where deliveries.periods not like '%,%'
    ) as ends
),

spans as (
    select delivery_id, min(month) as first_month, max(month) as last_month
    from (
        select delivery_id, month from named_periods
        union all
        select delivery_id, month from starts
    ) as periods
    group by delivery_id
)

select distinct months.month
from months
cross join known
inner join spans
    on months.month between spans.first_month and spans.last_month
left join closed
    on months.month < closed.open_from
where months.month <= known.last_month and closed.open_from is null
union all
select months.month
from months
inner join {{ ref('stg_ops__kept_absence_covered') }} as covered
    on months.month = covered.month
