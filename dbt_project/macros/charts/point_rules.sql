{# Every point with all rules it is caught by, the one that wins (outside > trend > two in three >
   shift) and the side that one points to: a trend's direction, else the side of the centre line. Where
   the season could not be taken out (`only_outside`), only points outside three sigma are signals.

   sides: from point_sides, with only_outside. trends, threes, shifts: what trend_points, two_in_three
   and shift_points find among them. #}
{% macro point_rules(sides, trends, threes, shifts) -%}
select
    flags.*,
    case
        when is_outside then 'outside'
        when is_trend then 'trend'
        when is_two_in_three then 'two_in_three'
        when is_shift then 'shift'
    end as rule,
    case
        when is_outside then side
        when is_trend then trend_direction
        when is_two_in_three or is_shift then side
    end as signal_side
from (
    select
        sides.*,
        trends.direction is not null and not sides.only_outside as is_trend,
        threes.seq is not null and not sides.only_outside as is_two_in_three,
        shifts.seq is not null and not sides.only_outside as is_shift,
        trends.direction as trend_direction
    from {{ sides }} as sides
    {% for found, alias in [(trends, 'trends'), (threes, 'threes'), (shifts, 'shifts')] -%}
    left join {{ found }} as {{ alias }} on sides.series_id = {{ alias }}.series_id
        and sides.phase_no = {{ alias }}.phase_no and sides.seq = {{ alias }}.seq
    {% endfor %}
) as flags
{%- endmacro %}
