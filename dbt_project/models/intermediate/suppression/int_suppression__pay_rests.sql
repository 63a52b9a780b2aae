{{ config(materialized='view') }}
-- Months in which a group's fixed pay, which stands below the line of what is net of refunds, would
-- give away units whose pay is hidden: the group's own pay is hidden there, and behind it are too few
-- units or persons, or nearly all of it is one unit's. Of the municipality it is what remains when the
-- sectors that tell theirs are taken out.
{% set is_too_little -%}
n_units < 2 or n_persons < least_persons
        or not ({{ protects('total', needed_behind('largest')) }})
{%- endset %}
with units as (
    select
        levels.sector,
        levels.month,
        levels.group_id,
        max(metrics.min_persons) as least_persons,
        min(levels.n_persons_once) as n_persons,
        max(abs(levels.denominator)) as amount
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id
        and metrics.family_id = 'pay' and metrics.is_denominator_pay
    inner join {{ ref('int_suppression__totals') }} as hidden
        on levels.level = hidden.level and levels.group_id = hidden.group_id
        and metrics.family_id = hidden.family_id and levels.month = hidden.month
    where levels.level = 'unit' and levels.has_data
    group by levels.sector, levels.month, levels.group_id
),

sectors as (
    select
        units.sector,
        units.month,
        max(units.least_persons) as least_persons,
        count(*) as n_units,
        sum(units.n_persons) as n_persons,
        {{ exact_sum('units.amount') }} as total,
        max(units.amount) as largest
    from units
    inner join {{ ref('int_suppression__totals') }} as hidden
        on hidden.level = 'sector' and units.sector = hidden.group_id
        and hidden.family_id = 'pay' and units.month = hidden.month
    group by units.sector, units.month
),

open_sectors as (
    select sectors.*
    from sectors
    cross join {{ ref('stg_municipality__profile') }} as level
    where {{ is_too_little }}
),

whole as (
    select
        month,
        max(least_persons) as least_persons,
        sum(n_units) as n_units,
        sum(n_persons) as n_persons,
        {{ exact_sum('total') }} as total,
        max(largest) as largest
    from open_sectors
    group by month
)

select 'sector' as level, sector as group_id, month from open_sectors
union all
select 'municipality' as level, 'all' as group_id, whole.month
from whole
cross join {{ ref('stg_municipality__profile') }} as level
where {{ is_too_little }}
