-- What anyone outside may know, unrounded: every level, hidden cells NULL with the reason. All
-- published figures come from here and from nowhere else. A missing cell shows no part either: a
-- denominator alone would pass by the suppression. What a unit shows per year it shows in no month. Why a
-- small group's figure is missing could tell who was away: there it is hidden as its other months are.
with hidden as (
    select level, group_id, family_id, month, reason, is_primary
    from {{ ref('int_suppression__totals') }}
    union all
    select level, group_id, family_id, month, reason, is_primary
    from {{ ref('int_suppression__splits') }}
),

own as (
    select level, group_id, metric_id, month, reason
    from {{ ref('int_suppression__reasons') }}
    union all
    select level, group_id, metric_id, month, reason
    from {{ ref('int_suppression__group_months') }}
),

reasoned as (
    select
        levels.*,
        metrics.is_about_persons,
        metrics.unit_grain = 'year' as is_part,
        case
            when not metrics.is_about_persons then null
            when not levels.has_data and levels.missing_reason = 'no_data' then null
            when not levels.has_data
                then {{ few_persons_reason('levels.n_persons', 'metrics.min_persons') }}
            when levels.level = 'unit' and metrics.unit_grain = 'year' then 'per_year'
            when own.reason is not null then own.reason
            when hidden.is_primary and metrics.is_split then 'split_sibling'
            else hidden.reason
        end as suppression_reason
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id
    left join {{ ref('int_metric_steps') }} as steps
        on levels.metric_id = steps.metric_id
    left join hidden
        on levels.level = hidden.level and levels.group_id = hidden.group_id
        and levels.month = hidden.month
        and coalesce(steps.step_id, metrics.family_id) = hidden.family_id
    left join own
        on levels.level = own.level and levels.group_id = own.group_id
        and levels.month = own.month and levels.metric_id = own.metric_id
)

select
    level,
    group_id,
    sector,
    metric_id,
    month,
    scale,
    is_about_persons,
    is_part,
    has_data,
    n_persons,
    {% for column in ['numerator', 'denominator', 'value'] %}
    case when suppression_reason is null and has_data then {{ column }} end as {{ column }},
    {% endfor %}
    suppression_reason,
    case
        when suppression_reason is not null or missing_reason is null then null
        else missing_reason
    end as missing_reason
from reasoned
