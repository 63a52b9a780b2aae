{{ config(materialized='view') }}
-- Which unit-years of the accounts may not be shown, and why (NULL: they may). An amount of pay tells
-- of persons as a sick day does: a unit is hidden the whole year when its staff is small or unknown in
-- any month, or when any metric on its pay is. A unit without pay, and what is on no unit, is not here.
with years as (
    select distinct totals.scope_id as unit_id, totals.year
    from {{ ref('int_ledger__year_totals') }} as totals
    inner join {{ pay_art_groups('pay_net') }} as pay_groups
        on totals.art_group = pay_groups.art_group
    where totals.scope_type = 'unit' and totals.scope_id <> 'ikke_fordelt'
        and totals.accounts_nok <> 0
),

staff as (
    select
        unit_id,
        extract(year from month) as year,
        min(n_persons) as n_persons,
        min(n_persons_once) as n_persons_once,
        min(n_persons_effective) as n_persons_effective
    from {{ ref('int_hr__unit_months') }}
    group by unit_id, extract(year from month)
),

hidden_months as (
    select distinct visible.group_id as unit_id, extract(year from visible.month) as year
    from {{ ref('int_metric_months_visible') }} as visible
    inner join {{ ref('stg_municipality__metric_measures') }} as parts
        on visible.metric_id = parts.metric_id
        and substr(parts.measure_id, length(parts.measure_id) - 3) = '_nok'
    inner join {{ ref('int_metrics') }} as metrics
        on visible.metric_id = metrics.metric_id and metrics.unit_grain = 'month'
    where visible.level = 'unit' and visible.suppression_reason is not null
)

select
    years.unit_id,
    cast(years.year as integer) as year,
    coalesce(staff.n_persons, 0) as n_persons,
    coalesce(staff.n_persons_once, 0) as n_persons_once,
    profile.min_persons,
    profile.min_persons_split,
    case
        when staff.n_persons is null then 'unknown_persons'
        when staff.n_persons < profile.min_persons
            or staff.n_persons_effective < {{ least_effective_persons('profile.min_persons') }}
            then 'few_persons'
        when hidden_months.unit_id is not null then 'secondary'
    end as reason
from years
cross join {{ ref('stg_municipality__profile') }} as profile
left join staff
    on years.unit_id = staff.unit_id and years.year = staff.year
left join hidden_months
    on years.unit_id = hidden_months.unit_id and years.year = hidden_months.year
