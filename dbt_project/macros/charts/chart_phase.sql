{# The part a month plays: baseline before the start, introduction, after for as long as the verdict
   looks, then later. Without a start the newest months are the whole of it, as many as a baseline has,
   and older ones are drawn alone. Runs become long by drift alone when given many years, so the verdict looks at as many months after as the baseline at most has before
   it: 24, unless `chart_after_months` says otherwise (0: all). #}
{% macro chart_phase(month_index, start_index, end_index, last_index) -%}
{%- set after_months = var('chart_after_months', 24) -%}
    case
        when {{ start_index }} is null and {{ month_index }} > {{ last_index }} - {{ chart_baseline_months() }}
            then 'whole'
        when {{ start_index }} is null then 'earlier'
        when {{ month_index }} < {{ start_index }} - {{ chart_baseline_months() }} then 'earlier'
        when {{ month_index }} < {{ start_index }} then 'baseline'
        when {{ end_index }} is null or {{ month_index }} <= {{ end_index }} then 'introduction'
        {% if after_months != 0 %}
        when {{ month_index }} > {{ end_index }} + {{ after_months }} then 'later'
        {% endif %}
        else 'after'
    end
{%- endmacro %}
