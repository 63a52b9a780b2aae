{# A revised budget that has at least this share of a unit's earlier lines is a whole new version; one
   that has fewer is laid over the earlier versions line by line. #}
{% macro min_whole_version_share() -%}
    0.90
{%- endmacro %}
