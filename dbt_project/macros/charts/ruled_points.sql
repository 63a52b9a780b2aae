{# Every point of every phase with its lines, all rules it is caught by, and its colour. #}
{% macro ruled_points(months, limits) -%}
with limits as (
    {{ limits_at_points(months, limits) }}
),

{{ point_rules('limits', chart_settings()) }}

select
    rules.*,
    {{ point_colour('value', 'signal_side', 'better_side') }} as colour
from chart_rules as rules
{%- endmacro %}
