{# CTEs `<prefix>sides` and `<prefix>rules`: every point with all rules it is caught by, the one that
   wins (outside > trend > two in three > shift) and the side that one points to: a trend's direction,
   else the side of the centre line. Where the season could not be taken out (`only_outside`), only
   points outside three sigma are signals.

   limits: from limits_at_points, with is_counted and only_outside. #}
{% macro point_rules(limits, settings, prefix='chart_') -%}
{{ prefix }}sides as (
    {{ point_sides(limits) }}
),

{{ prefix }}trends as (
    {{ trend_points(prefix ~ 'sides', settings) }}
),

{{ prefix }}threes as (
    {{ two_in_three(prefix ~ 'sides', settings) }}
),

{{ prefix }}shifts as (
    {{ side_runs(prefix ~ 'sides', settings) }}
),

{{ prefix }}flags as (
    select
        sides.*,
        trends.direction is not null and not sides.only_outside as is_trend,
        threes.seq is not null and not sides.only_outside as is_two_in_three,
        shifts.seq is not null and not sides.only_outside as is_shift,
        trends.direction as trend_direction
    from {{ prefix }}sides as sides
    {% for rule, condition in [('trends', none), ('threes', none), ('shifts',
        'shifts.side <> 0 and shifts.run_length >= ' ~ settings.shift_points)] %}
    left join {{ prefix }}{{ rule }} as {{ rule }}
        on sides.series_id = {{ rule }}.series_id and sides.phase_no = {{ rule }}.phase_no
        and sides.seq = {{ rule }}.seq{{ " and " ~ condition if condition }}
    {% endfor %}
),

{{ prefix }}rules as (
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
    from {{ prefix }}flags as flags
)
{%- endmacro %}
