{# Why a part is hidden, as readers are told it: that few were behind it, that few were behind the rest,
   that it all lay in one month, or that another part or unit would follow, are one reason to them. Told
   apart they would say how many were away: fewer than three behind a part, three or more behind another. #}
{% macro told_reason(reason) -%}
case
        when {{ reason }} in ('few_contributors', 'one_month', 'split_sibling', 'secondary')
            then 'few_behind'
        else {{ reason }}
    end
{%- endmacro %}
