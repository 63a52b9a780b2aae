-- Every metric on three levels per month, suppressed. Value and parts are exact (six decimals): what
-- may be seen is decided by suppression alone, never by a rounding the value undoes. Headcounts below
-- ten are never shown. A negative denominator is in the sums it belongs to, but no base of its own.
with visible as (
    select
        months.*,
        case when months.level <> 'unit' then cells.members_key end as members_key
    from {{ ref('int_metric_months_visible') }} as months
    left join {{ ref('int_group_cells') }} as cells
        on cells.cell = {{ group_cell('months', ['months.metric_id', 'months.month']) }}
)

select
    level,
    group_id,
    sector,
    metric_id,
    month,
    {% for part in ['numerator', 'denominator'] %}
    case when missing_reason = 'negative_denominator' then null else round({{ part }}, 6) end
        as {{ part }},
    {% endfor %}
    round(value, 6) as value,
    {{ persons_label('n_persons') }} as n_persons_label,
    case when is_part then {{ told_reason('suppression_reason') }} else suppression_reason end
        as suppression_reason,
    missing_reason,
    members_key
from visible
order by level, group_id, metric_id, month
