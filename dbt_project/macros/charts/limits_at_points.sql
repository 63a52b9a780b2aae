{# Lines at two and three sigma for every point, before and after the baseline ends. I' limits are
   narrower where the denominator is larger. Times and counts have no limit below 0.

   points: as for chart_baselines. baselines: series_id, phase_no, chart, centre, middle, sigma. #}
{% macro limits_at_points(points, baselines) -%}
select
    points.*,
    {% for name, sigmas in [('lower_3s', '- 3e0'), ('lower_2s', '- 2e0'),
                            ('upper_2s', '+ 2e0'), ('upper_3s', '+ 3e0')] -%}
    {% set line = 'points.middle ' ~ sigmas ~ ' * points.point_sigma' -%}
    case
        when points.point_sigma is null then null
        when points.chart = 't' then power(greatest({{ line }}, 0e0), 3.6e0)
        when points.chart in ('g', 'c', 'u', 'mr') then greatest({{ line }}, 0e0)
        when points.chart = 'p' then least(greatest({{ line }}, 0e0), points.scale)
        else {{ line }}
    end as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
from (
    select
        points.*,
        baselines.centre,
        baselines.middle,
        baselines.sigma,
        baselines.limit_note,
        baselines.sigma / {{ root_of_weight('points') }} as point_sigma
    from {{ points }} as points
    left join {{ baselines }} as baselines
        on points.series_id = baselines.series_id and points.phase_no = baselines.phase_no
) as points
{%- endmacro %}

{# What one sigma of a point is divided by: the root of its denominator where the chart has one. #}
{% macro root_of_weight(points) -%}
(case when {{ points }}.chart in ('iprime', 'p', 'u') then sqrt(nullif({{ points }}.denominator, 0e0))
    else 1e0 end)
{%- endmacro %}

{# A drawn limit never lies beyond what the metric can be; a clipped side can give no signal. #}
{% macro clip_to_bounds(line, lower_bound, upper_bound) -%}
    case
        when {{ line }} < {{ lower_bound }} then {{ lower_bound }}
        when {{ line }} > {{ upper_bound }} then {{ upper_bound }}
        else {{ line }}
    end
{%- endmacro %}
