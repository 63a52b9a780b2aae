-- Identified and realised FTE as of every month end and fact date: in all, by type, by tool
-- and by sector. Dropped gains are not identified any more; every breakdown adds up to the total of its date.
with totals as (
    select
        as_of_date,
        breakdown,
        breakdown_value,
        round(cast(sum(identified_fte) as double), 6) as identified_fte,
        round(cast(sum(realised_fte) as double), 6) as realised_fte,
        cast(count(case when status <> 'dropped' then 1 end) as integer) as n_gains,
        cast(count(case when status = 'dropped' then 1 end) as integer) as n_dropped
    from {{ ref('int_gain_lines') }}
    group by as_of_date, breakdown, breakdown_value
)

select
    totals.as_of_date,
    totals.breakdown,
    totals.breakdown_value,
    {% call(language) each_language() %}
    coalesce(labels.label_{{ language }}, totals.breakdown_value) as breakdown_value_{{ language }}
    {% endcall %},
    totals.identified_fte,
    totals.realised_fte,
    totals.n_gains,
    totals.n_dropped,
    dates.is_month_end,
    dates.is_fact_date,
    cells.members_key
from totals
inner join {{ ref('int_as_of_dates') }} as dates
    on totals.as_of_date = dates.as_of_date
left join {{ ref('int_group_cells') }} as cells
    on cells.cell = {{ group_cell('gains', ['totals.as_of_date']) }}
-- tools and sectors are called what the municipality calls them
left join {{ ref('labels') }} as labels
    on
        labels.code = totals.breakdown_value
        and (
            (labels.domain = 'gain_type' and totals.breakdown = 'type')
            or (labels.domain = 'gain_breakdown' and totals.breakdown = 'total')
        )
order by totals.as_of_date, totals.breakdown, totals.breakdown_value
