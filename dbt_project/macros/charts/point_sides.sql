{# Where every point lies: side of the centre line, outside three sigma, beyond two. Points that do
   not count (hollow ones of an introduction) are on no side.

   limits: from limits_at_points, with is_counted. #}
{% macro point_sides(limits) -%}
select
    points.*,
    case when is_counted then {{ side_of('value', 'centre') }} end as side,
    is_counted and coalesce(
        {{ exceeds('value', 'upper_3s') }} or {{ exceeds('lower_3s', 'value') }}, false
    ) as is_outside,
    is_counted and coalesce(
        {{ exceeds('value', 'upper_2s') }} or {{ exceeds('lower_2s', 'value') }}, false
    ) as is_beyond_2s
from {{ limits }} as points
{%- endmacro %}
