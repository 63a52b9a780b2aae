{# The name of a version as text that sorts as the numbers in it do: «R9» before «R10», 15.06.2023
   as a date, «Revidert juni» as the sixth month, 45/23 as number 45 of the year 23. Other letters do
   not count; without a number it is ''. #}
{% macro version_order(column) -%}
    {{ adapter.dispatch('version_order', 'pukk')(column) }}
{%- endmacro %}

{% macro duckdb__version_order(column) -%}
    {%- set ns = namespace(sql="lower(" ~ column ~ ")") -%}
    {%- for pattern, replacement in version_steps() -%}
    {%- set ns.sql = "regexp_replace(" ~ ns.sql ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', 'g')" -%}
    {%- endfor -%}
    trim({{ ns.sql }})
{%- endmacro %}

{% macro spark__version_order(column) -%}
    {%- set ns = namespace(sql="lower(" ~ column ~ ")") -%}
    {%- for pattern, replacement in version_steps() -%}
    {%- set ns.sql = "regexp_replace(" ~ ns.sql ~ ", '" ~ pattern ~ "', '" ~ replacement.replace('\\', '$') ~ "')" -%}
    {%- endfor -%}
    trim({{ ns.sql }})
{%- endmacro %}

{# Months by name, then dates and n/year turned round, only digits kept, every number as ten digits. #}
{% macro version_steps() -%}
    {%- set steps = [] -%}
    {%- for names in [
        'januar|jan', 'februar|feb', 'mars|mar', 'april|apr', 'mai', 'juni|jun', 'juli|jul',
        'august|aug', 'september|sept|sep', 'oktober|okt', 'november|nov', 'desember|des',
    ] -%}
    {%- do steps.append((
        '(^|[^a-zæøå])(' ~ names ~ ')([^a-zæøå]|$)', '\\1#' ~ '%02d' % loop.index ~ '\\3'
    )) -%}
    {%- endfor -%}
    {{ return(steps + [
        ('(^|[^0-9])([0-9]{1,2})[. ]+#([0-9]{2})[. ]+([0-9]{4})', '\\1\\4 \\3 \\2'),
        ('(^|[^0-9])([0-9]{1,2})[. ]+#([0-9]{2})', '\\1\\3 \\2'),
        ('#([0-9]{2})[. ]+([0-9]{4})', '\\2 \\1'),
        ('#([0-9]{2})[. ]+([0-9]{2})([^0-9]|$)', '20\\2 \\1\\3'),
        ('([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})', '\\3 \\2 \\1'),
        (
            '(^|[^0-9.])([0-9]{1,2})[.]([0-9]{1,2})[.]([0-9]{2})([^0-9.]|$)',
            '\\1 20\\4 \\3 \\2\\5'
        ),
        ('([0-9]+)/([0-9]{4}|[0-9]{2})', '\\2 \\1'),
        ('[^0-9]+', ' '),
        ('([0-9]+)', '0000000000\\1'),
        ('[0-9]*([0-9]{10})', '\\1'),
    ]) }}
{%- endmacro %}
