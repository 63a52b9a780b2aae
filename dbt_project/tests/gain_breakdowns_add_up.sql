-- At every date the types and the tools each add up to the total.
select
    totals.as_of_date,
    parts.breakdown
from {{ ref('mart_gain_totals') }} as totals
inner join {{ ref('mart_gain_totals') }} as parts
    on totals.as_of_date = parts.as_of_date and parts.breakdown <> 'total'
where totals.breakdown = 'total'
group by totals.as_of_date, parts.breakdown
having
    abs(max(totals.identified_fte) - sum(parts.identified_fte)) > 0.0001
    or abs(max(totals.realised_fte) - sum(parts.realised_fte)) > 0.0001
