-- Identified and realised FTE as of every month end and fact date: in all, by type, by tool
-- and by sector. Dropped gains are not identified any more; every breakdown adds up to the total of its date.
with gains as (
    select * from {{ ref('int_lean__gain_status') }}
),

lines as (
    select
        as_of_date, 'total' as breakdown, 'all' as breakdown_value, identified_fte, realised_fte,
        status
    from gains
    union all
    select as_of_date, 'tool', tool, identified_fte, realised_fte, status
    from gains
    union all
    select
        as_of_date, 'sector', coalesce(sector, 'ikke_fordelt'), identified_fte, realised_fte, status
    from gains
    {% for gain_type in ['quality', 'quantity', 'saving'] %}
    union all
    select
        as_of_date, 'type', '{{ gain_type }}',
        identified_fte * share_{{ gain_type }}, realised_fte * share_{{ gain_type }}, status
    from gains
    where share_{{ gain_type }} > 0
    {% endfor %}
),

totals as (
    select
        as_of_date,
        breakdown,
        breakdown_value,
        round(cast(sum(identified_fte) as double), 6) as identified_fte,
        round(cast(sum(realised_fte) as double), 6) as realised_fte,
        cast(count(case when status <> 'dropped' then 1 end) as integer) as n_gains,
        cast(count(case when status = 'dropped' then 1 end) as integer) as n_dropped
    from lines
    group by as_of_date, breakdown, breakdown_value
)

select
    totals.as_of_date,
    totals.breakdown,
    totals.breakdown_value,
    coalesce(labels.label_nb, totals.breakdown_value) as breakdown_value_nb,
    coalesce(labels.label_en, totals.breakdown_value) as breakdown_value_en,
    totals.identified_fte,
    totals.realised_fte,
    totals.n_gains,
    totals.n_dropped,
    dates.is_month_end,
    dates.is_fact_date
from totals
inner join {{ ref('int_as_of_dates') }} as dates
    on totals.as_of_date = dates.as_of_date
-- tools and sectors are called what the municipality calls them
left join {{ ref('labels') }} as labels
    on
        labels.code = totals.breakdown_value
        and (
            (labels.domain = 'gain_type' and totals.breakdown = 'type')
            or (labels.domain = 'gain_breakdown' and totals.breakdown = 'total')
        )
order by totals.as_of_date, totals.breakdown, totals.breakdown_value
