{# A number as people write it: 1 234,5 in Norwegian, 1,234.5 in English, a true minus sign, NULL stays
   NULL. The one place where figures become text. `decimals` is a column or a number.

   signed: a plus sign before what is above 0 after rounding. #}
{% macro number_text(value, decimals, language, signed=true) -%}
{%- set point, group = decimal_mark(language), thousands_mark(language) -%}
{%- set size = 'cast(round(abs(' ~ value ~ ') * power(10e0, ' ~ decimals ~ '), 0) as bigint)' -%}
{%- set unit = 'cast(power(10e0, ' ~ decimals ~ ') as bigint)' -%}
{%- set whole = 'cast(floor(' ~ size ~ ' / power(10e0, ' ~ decimals ~ ')) as bigint)' -%}
case when {{ value }} is not null then concat(
    case
        when {{ size }} = 0 then ''
        when {{ value }} < 0 then '−'
        else '{{ '+' if signed else '' }}'
    end,
    {{ grouped_text(whole, group) }},
    case
        when {{ decimals }} > 0 then concat(
            '{{ point }}',
            lpad(cast(mod({{ size }}, {{ unit }}) as {{ type_text() }}), cast({{ decimals }} as integer), '0')
        )
        else ''
    end
) end
{%- endmacro %}

{# A whole number of at most nine digits with its thousands apart. A part of number_text. #}
{% macro grouped_text(whole, group) -%}
{%- set thousands = 'cast(floor(' ~ whole ~ ' / 1e3) as bigint)' -%}
{%- set millions = 'cast(floor(' ~ whole ~ ' / 1e6) as bigint)' -%}
case
    when {{ whole }} >= 1000000 then concat(
        cast({{ millions }} as {{ type_text() }}), '{{ group }}',
        {{ three_digits(thousands) }}, '{{ group }}', {{ three_digits(whole) }}
    )
    when {{ whole }} >= 1000 then concat(
        cast({{ thousands }} as {{ type_text() }}), '{{ group }}', {{ three_digits(whole) }}
    )
    else cast({{ whole }} as {{ type_text() }})
end
{%- endmacro %}

{# The last three digits of a whole number. A part of number_text. #}
{% macro three_digits(number) -%}
    lpad(cast(mod({{ number }}, 1000) as {{ type_text() }}), 3, '0')
{%- endmacro %}
