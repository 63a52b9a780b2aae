-- What each unit's month counts as in the totals of its sector and the municipality: what the source
-- says, but for hidden units what they last counted with, until enough of them are corrected at once.
-- What comes late of one counts as nothing until then; of a unit that is shown two editions tell it.
-- What still moves because cases are not over is in no edition, so it has not counted yet.
with joined as (
    select
        months.*,
        metrics.is_about_persons,
        metrics.is_by_duration and not calendar.is_settled as is_unsettled,
        coalesce(metrics.parent_family_id, metrics.family_id) as total_id,
        kept.unit_id is not null as is_kept,
        coalesce(kept.is_changed, false) as is_changed,
        coalesce(kept.was_shown or kept.is_late and not kept.is_frozen, false) as was_shown,
        coalesce(kept.is_frozen, false) and released.month is null as is_held,
        coalesce(kept.is_late, false) as is_late,
        {% for column in ['numerator', 'denominator', 'n_persons', 'n_persons_once',
            'n_contributors'] %}
        kept.{{ column }} as kept_{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_metric_months') }} as months
    inner join {{ ref('int_metrics') }} as metrics
        on months.metric_id = metrics.metric_id
    inner join {{ ref('int_months') }} as calendar
        on months.month = calendar.month
    left join {{ ref('int_kept_unit_months') }} as kept
        on months.unit_id = kept.unit_id and months.metric_id = kept.metric_id
        and months.month = kept.month
    left join {{ ref('int_released_months') }} as released
        on kept.sector = released.sector and kept.total_id = released.total_id
        and kept.month = released.month
)

select
    unit_id,
    sector,
    metric_id,
    total_id,
    month,
    scale,
    {% for column in ['numerator', 'denominator', 'n_persons', 'n_persons_once',
        'n_contributors'] %}
    case when is_held then kept_{{ column }} else {{ column }} end as {{ column }},
    {% endfor %}
    missing_reason,
    has_data,
    case when is_held then not is_late else has_data end as is_counted,
    is_held and is_changed as is_held_back,
    was_shown,
    is_about_persons and has_data and not is_held and not is_unsettled
    and (is_changed or not is_kept) as is_new_figure
from joined
