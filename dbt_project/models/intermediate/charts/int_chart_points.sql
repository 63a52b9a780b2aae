-- Every point with its lines and all rules it is caught by.
with limits as (
    {{ limits_at_points(ref('int_chart_months'), ref('int_chart_limits')) }}
),

{{ point_rules('limits', chart_settings()) }}

select
    rules.*,
    {{ point_colour('value', 'signal_side', 'better_side') }} as colour
from chart_rules as rules
