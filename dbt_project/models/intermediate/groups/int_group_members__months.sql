{{ config(materialized='view') }}
-- The units with figures of a metric and month, and how many halves of the limit of persons each is
-- sure to hold. Months before a unit came and after it went are not in it: it has no figures there.
-- A unit without a value of its own (nothing to measure against) has none: it hides no other. Nor does
-- one of which that may not be known.
select
    {{ group_cell('months', ['levels.metric_id', 'levels.month']) }} as cell,
    levels.sector,
    levels.group_id as unit_id,
    case
        when levels.value is null or secret.unit_id is not null then null
        when not metrics.is_about_persons or levels.n_persons_once >= metrics.min_persons then 2
        when
            levels.n_persons_once >= profile.min_persons
            and 2 * profile.min_persons >= metrics.min_persons
            then 1
        else 0
    end as limit_halves
from {{ ref('int_metric_levels') }} as levels
inner join {{ ref('int_metrics') }} as metrics
    on levels.metric_id = metrics.metric_id
cross join {{ ref('stg_municipality__profile') }} as profile
left join {{ ref('int_group_members__secret') }} as secret
    on levels.metric_id = secret.metric_id and levels.group_id = secret.unit_id
    and levels.month = secret.month
where levels.level = 'unit' and levels.has_data
