-- What units show per calendar year, on three levels, suppressed: the parts of a total.
with visible as (
    select
        years.*,
        case when years.level <> 'unit' then cells.members_key end as members_key
    from {{ ref('int_metric_years_visible') }} as years
    left join {{ ref('int_group_cells') }} as cells
        on cells.cell = {{ group_cell('years', ['years.metric_id', 'years.year']) }}
)

select
    level,
    group_id,
    sector,
    metric_id,
    cast(year as integer) as year,
    n_months,
    round(numerator, 6) as numerator,
    round(denominator, 6) as denominator,
    round(value, 6) as value,
    {{ persons_label('n_persons') }} as n_persons_label,
    {{ told_reason('suppression_reason') }} as suppression_reason,
    missing_reason,
    members_key
from visible
order by level, group_id, metric_id, year
