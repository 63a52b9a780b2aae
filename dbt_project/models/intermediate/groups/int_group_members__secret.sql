{{ config(materialized='view') }}
-- Units and months in which a metric has no value of its own only where something hidden is nothing: its
-- denominator is no staff but sick days, pay or answers, and the unit hides a total of the month. There
-- every unit counts for nobody, whatever it has, so that none is known by it.
with hidden as (
    select distinct group_id as unit_id, month
    from {{ ref('int_suppression__totals') }}
    where level = 'unit'
),

against as (
    select distinct metric_id
    from {{ ref('stg_municipality__metric_measures') }}
    where role = 'denominator' and measure_id not in ('{{ staff_measures() | join("', '") }}')
)

select
    against.metric_id,
    hidden.unit_id,
    hidden.month
from hidden
cross join against
inner join {{ ref('int_metrics') }} as metrics
    on against.metric_id = metrics.metric_id and metrics.is_about_persons
