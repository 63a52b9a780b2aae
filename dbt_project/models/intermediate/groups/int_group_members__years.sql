{{ config(materialized='view') }}
-- The same of a metric and calendar year, for what units show per year: the least persons of any month
-- decide, and a unit that was not there in all the months counts for nobody, so that a year shows a
-- group to nobody whom its months would not.
with secret as (
    select distinct metric_id, unit_id, extract(year from month) as year
    from {{ ref('int_group_members__secret') }}
)

select
    {{ group_cell('years', ['years.metric_id', 'years.year']) }} as cell,
    years.sector,
    years.group_id as unit_id,
    max(case
        when years.denominator <= 0 or years.n_months < sectors.n_months then null
        when secret.unit_id is not null then null
        when years.n_persons_once >= metrics.min_persons then 2
        when
            years.n_persons_once >= profile.min_persons
            and 2 * profile.min_persons >= metrics.min_persons
            then 1
        else 0
    end) as limit_halves
from {{ ref('int_metric_years') }} as years
inner join {{ ref('int_metrics') }} as metrics
    on years.metric_id = metrics.metric_id
cross join {{ ref('stg_municipality__profile') }} as profile
left join {{ ref('int_metric_years') }} as sectors
    on sectors.level = 'sector' and years.sector = sectors.group_id
    and years.metric_id = sectors.metric_id and years.year = sectors.year
left join secret
    on years.metric_id = secret.metric_id and years.group_id = secret.unit_id
    and years.year = secret.year
where years.level = 'unit'
group by 1, 2, 3
