{{ config(materialized='view') }}
-- Where so many hidden units were corrected that the sum of the corrections says nothing of one: at
-- least two, at least min_persons persons, and no change that is nearly all one unit's. Of what comes
-- late a figure of nothing is a change too: that the unit is there then tells that it was nothing.
with changed as (
    select * from {{ ref('int_kept_unit_months') }} where is_frozen and is_changed
),

units as (
    select sector, total_id, month, unit_id, max(n_persons_once) as n_persons_once
    from changed
    group by sector, total_id, month, unit_id
),

many as (
    select units.sector, units.total_id, units.month
    from units
    cross join {{ ref('stg_municipality__profile') }} as profile
    group by units.sector, units.total_id, units.month
    having count(*) >= 2 and sum(units.n_persons_once) >= max(profile.min_persons)
),

sums as (
    {% for side in ['numerator', 'denominator'] %}
    select
        sector, total_id, month,
        {{ exact_sum(side ~ '_change') }} as total,
        max({{ side }}_change) as largest
    from changed
    group by sector, total_id, month, metric_id
    having max({{ side }}_change) >= 0.00001 or max(case when is_late then 1 else 0 end) = 1
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

exposed as (
    select distinct sums.sector, sums.total_id, sums.month
    from sums
    cross join {{ ref('stg_municipality__profile') }} as level
    where not ({{ protects('sums.total', needed_behind('sums.largest')) }})
)

select many.sector, many.total_id, many.month
from many
left join exposed
    on many.sector = exposed.sector and many.total_id = exposed.total_id
    and many.month = exposed.month
where exposed.month is null
