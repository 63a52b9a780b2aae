{# A column of words in every language: worded('codes.headline') gives codes.headline_nb as headline_nb,
   and so on; worded('labels.label', 'sector') gives labels.label_nb as sector_nb. #}
{% macro worded(source, name=none) -%}
    {%- call(language) each_language() -%}
        {{ source }}_{{ language }} as {{ name or source.split('.')[-1] }}_{{ language }}
    {%- endcall -%}
{%- endmacro %}
