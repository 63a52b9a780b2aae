{# GENERATED from the word files, do not edit. Run: python -m pipelines.contracts generate #}

{# What is called, once per language: {% call(language) each_language() %}. #}
{% macro each_language(separator=', ') -%}
    {%- for language in ['nb', 'en', 'nn'] -%}
        {{ caller(language) }}{{ separator if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# A date as people write it. #}
{% macro shown_date(column, language) -%}
    {% if language in ['nb', 'nn'] %}
    concat(lpad(cast(extract(day from {{ column }}) as {{ type_text() }}), 2, '0'), '.', lpad(cast(extract(month from {{ column }}) as {{ type_text() }}), 2, '0'), '.', cast(extract(year from {{ column }}) as {{ type_text() }}))
    {% elif language in ['en'] %}
    concat(cast(extract(day from {{ column }}) as {{ type_text() }}), ' ', case extract(month from {{ column }}) when 1 then 'Jan' when 2 then 'Feb' when 3 then 'Mar' when 4 then 'Apr' when 5 then 'May' when 6 then 'Jun' when 7 then 'Jul' when 8 then 'Aug' when 9 then 'Sep' when 10 then 'Oct' when 11 then 'Nov' when 12 then 'Dec' end, ' ', cast(extract(year from {{ column }}) as {{ type_text() }}))
    {% endif %}
{%- endmacro %}
