-- Visible unit months that no Lean has touched: what the season is estimated from, and, for units
-- that never started, what started ones are compared with.
with starts as (
    select unit_id, min({{ month_index('start_date') }}) as start_index
    from {{ ref('int_lean__cycles') }}
    where start_date is not null
    group by unit_id
)

select
    visible.group_id as unit_id,
    units.service_type,
    visible.metric_id,
    visible.month,
    months.month_index,
    months.year,
    months.month_no,
    visible.numerator,
    visible.denominator,
    starts.start_index is not null as has_start
from {{ ref('int_metric_months_visible') }} as visible
inner join {{ ref('int_months') }} as months
    on visible.month = months.month
inner join {{ ref('stg_organisation__units') }} as units
    on visible.group_id = units.unit_id
left join starts
    on visible.group_id = starts.unit_id
where
    visible.level = 'unit'
    and visible.value is not null
    and units.service_type is not null
    and (starts.start_index is null or months.month_index < starts.start_index)
