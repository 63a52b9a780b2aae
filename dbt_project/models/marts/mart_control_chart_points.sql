-- What every chart draws and every table beside it says: one row per series and month. `value` has
-- the season divided out where it could be; `measured_value` and the measured limits are as measured,
-- with the month's season put back. Drawn limits stop at what the metric can be; a clipped side can give
-- no signal. From a new basis on, the limits before it go on as a ghost.
with points as (
    select * from {{ ref('int_chart_points') }}
    union all
    select * from {{ ref('int_rebased_points') }}
),

latest as (
    select series_id, month, max(phase_no) as phase_no from points group by series_id, month
)

select
    points.series_id,
    series.unit_id,
    series.metric_id,
    series.cycle_id,
    series.series,
    points.month,
    points.phase_no,
    points.phase,
    points.chart,
    round(points.value, 6) as value,
    round(points.measured_value, 6) as measured_value,
    round(seasons.numerator * coalesce(seasons.season_index, 1e0), 6) as numerator,
    round(seasons.denominator, 6) as denominator,
    case when points.is_counted or points.phase = 'introduction' then round(points.centre, 6) end
        as centre,
    {% for line in ['lower_3s', 'lower_2s', 'upper_2s', 'upper_3s'] %}
    case
        when points.is_counted or points.phase = 'introduction' then round({{ clip_to_bounds(
            'points.' ~ line, 'points.lower_bound', 'points.upper_bound'
        ) }}, 6)
    end as {{ line }},
    {% endfor %}
    coalesce(points.is_counted and points.lower_3s < points.lower_bound, false) as is_lower_clipped,
    coalesce(points.is_counted and points.upper_3s > points.upper_bound, false) as is_upper_clipped,
    round(ghosts.centre, 6) as ghost_centre,
    {% for line in ['lower_3s', 'upper_3s'] %}
    {% set measured = ' * coalesce(seasons.season_index, 1e0)' %}
    round({{ clip_to_bounds('ghosts.' ~ line, 'ghosts.lower_bound', 'ghosts.upper_bound') }}, 6)
        as ghost_{{ line }},
    round({{ clip_to_bounds(
        'ghosts.' ~ line ~ measured, 'ghosts.lower_bound', 'ghosts.upper_bound'
    ) }}, 6) as ghost_measured_{{ line }},
    case when points.is_counted or points.phase = 'introduction' then round({{ clip_to_bounds(
        'points.' ~ line ~ measured, 'points.lower_bound', 'points.upper_bound'
    ) }}, 6) end as measured_{{ line }},
    {% endfor %}
    points.is_baseline,
    points.phase = 'introduction' as is_introduction,
    first_phase.is_after,
    points.is_outside,
    points.is_trend,
    points.is_two_in_three,
    points.is_shift,
    points.rule,
    cast(points.signal_side as integer) as signal_side,
    points.colour,
    {{ variation_icon('points.colour', 'points.signal_side') }} as variation
from latest
inner join points
    on latest.series_id = points.series_id and latest.month = points.month
    and latest.phase_no = points.phase_no
inner join {{ ref('int_chart_points') }} as first_phase
    on latest.series_id = first_phase.series_id and latest.month = first_phase.month
left join points as ghosts
    on latest.series_id = ghosts.series_id and latest.month = ghosts.month
    and latest.phase_no - 1 = ghosts.phase_no
left join {{ ref('int_chart_values') }} as seasons
    on points.series_id = seasons.series_id and points.month = seasons.month
inner join {{ ref('int_chart_series') }} as series
    on points.series_id = series.series_id
order by points.series_id, points.month
