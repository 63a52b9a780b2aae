{# Every point of every phase with its lines, all rules it is caught by, and its colour.

   points: as for chart_baselines, with is_counted, better_side and only_outside. baselines: as for
   limits_at_points. #}
{% macro ruled_points(points, baselines, settings) -%}
with limits as (
    {{ limits_at_points(points, baselines) }}
),

sides as (
    {{ point_sides('limits') }}
),

trends as (
    {{ trend_points('sides', settings) }}
),

threes as (
    {{ two_in_three('sides', settings) }}
),

shifts as (
    {{ shift_points('sides', settings) }}
)

select
    rules.*,
    {{ point_colour('value', 'signal_side', 'better_side') }} as colour
from (
    {{ point_rules('sides', 'trends', 'threes', 'shifts') }}
) as rules
{%- endmacro %}
