{# A figure as readers can work it out: the published sum over sum of the window. Where the effect was
   estimated over other months, those it is about. The effects' own have six significant digits. #}
{% macro shown_figure(effect, measured) -%}
case
        when effects.cf_delta is not null and (
            effects.n_before <> measured.n_before or effects.n_after <> measured.n_after
        ) then coalesce(effects.{{ effect }}, measured.{{ measured }})
        else coalesce(measured.{{ measured }}, effects.{{ effect }})
    end
{%- endmacro %}

{# The chart's verdict, but that a change one way is never said beside figures that went the other. #}
{% macro chart_as_shown() -%}
case
        when charts.change * (
            {{ shown_figure('mean_after', 'value_after') }}
            - {{ shown_figure('mean_before', 'value_before') }}
        ) < 0 and (charts.verdict like 'sustained%' or charts.verdict like 'sign_of%') then 'mixed'
        else coalesce(charts.verdict, 'none')
    end
{%- endmacro %}
