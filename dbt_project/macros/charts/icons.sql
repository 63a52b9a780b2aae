{# What a point says: the winning rule's side against the side that is better (1, -1, or 0 where
   neither is). #}
{% macro point_colour(value, signal_side, better_side) -%}
    case
        when {{ value }} is null then 'missing'
        when coalesce({{ signal_side }}, 0) = 0 then 'common_cause'
        when {{ better_side }} = 0 then 'neutral'
        when {{ signal_side }} = {{ better_side }} then 'improvement'
        else 'concern'
    end
{%- endmacro %}

{# The variation icon: the point's colour with H or L for the side it signals. #}
{% macro variation_icon(colour, signal_side) -%}
    case
        when {{ colour }} = 'missing' then null
        when {{ colour }} = 'common_cause' then 'common_cause'
        else concat({{ colour }}, case when {{ signal_side }} > 0 then '_high' else '_low' end)
    end
{%- endmacro %}

{# The assurance icon: would the process as it is meet the target? Equality counts as met. None
   without target, limits or direction. #}
{% macro assurance_icon(target, lower, upper, better_side, settings) -%}
    {%- set equal = '' if settings.strict_target else '=' %}
    case
        when {{ target }} is null or {{ better_side }} = 0 then null
        {% if not settings.strict_target %}
        when {{ lower }} is null or {{ upper }} is null then null
        {% endif %}
        when {{ better_side }} > 0 and {{ lower }} >{{ equal }} {{ target }} then 'consistent_pass'
        when {{ better_side }} > 0 and {{ upper }} < {{ target }} then 'consistent_fail'
        when {{ better_side }} < 0 and {{ upper }} <{{ equal }} {{ target }} then 'consistent_pass'
        when {{ better_side }} < 0 and {{ lower }} > {{ target }} then 'consistent_fail'
        else 'hit_or_miss'
    end
{%- endmacro %}

{# The side that is better, from a metric's direction; 0 where none is, or where a target is. #}
{% macro better_side(direction) -%}
    case when {{ direction }} = 'higher' then 1 when {{ direction }} = 'lower' then -1 else 0 end
{%- endmacro %}
