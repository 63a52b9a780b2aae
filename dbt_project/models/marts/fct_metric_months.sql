-- Every metric on three levels per month, suppressed. Values are computed from unrounded parts and
-- kept with six decimals; numerators about persons are whole below 100, headcounts below ten are
-- never shown exactly. A negative denominator is in the sums it belongs to, but is no base of its own.
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
    case
        when missing_reason = 'negative_denominator' then null
        when is_about_persons and abs(numerator) < 100 then round(numerator, 0)
        else round(numerator, 6)
    end as numerator,
    case when missing_reason = 'negative_denominator' then null else round(denominator, 6) end
        as denominator,
    round(value, 6) as value,
    case
        when n_persons is null then null
        when n_persons < 10 then '<10'
        else cast(n_persons as {{ type_text() }})
    end as n_persons_label,
    suppression_reason,
    missing_reason,
    members_key
from visible
order by level, group_id, metric_id, month
