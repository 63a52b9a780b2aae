{# What paid FTE say of one gain, in the words that a budget is told in. #}
{% macro seen_in_paid_fte(status) -%}
case
            when {{ status }} in ('confirmed', 'more_than_reported') then 'found'
            when {{ status }} = 'partly' then 'partly'
            when {{ status }} in ('not_seen', 'increased') then 'not_found'
            when {{ status }} = 'cannot_tell' then 'cannot_tell'
            else 'not_judged'
        end
{%- endmacro %}
