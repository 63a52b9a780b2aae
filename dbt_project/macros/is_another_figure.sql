{# Whether a kept figure has become another, or come or gone. The last bits of a sum, and a sixth
   decimal that rounds the other way, are the same figure. #}
{% macro is_another_figure(kept, now) -%}
    coalesce(abs({{ kept }} - {{ now }}) >= 1e-5, {{ kept }} is distinct from {{ now }})
{%- endmacro %}
