{# The type that the largest part of a gain is of; of equal parts, quality before quantity. #}
{% macro largest_share(gains) -%}
case
        when {{ gains }}.share_quality >= {{ gains }}.share_quantity
            and {{ gains }}.share_quality >= {{ gains }}.share_saving then 'quality'
        when {{ gains }}.share_quantity >= {{ gains }}.share_saving then 'quantity'
        else 'saving'
    end
{%- endmacro %}
