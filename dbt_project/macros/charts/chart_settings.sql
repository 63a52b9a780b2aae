{# What the charts are computed with. `changes` overrides single settings; only the tests that hold
   the charts against other tools use it. An installation may set the chart_* vars.

   xmr_sigma       sigma per mean moving range (2.66 / 3; other tools use 1 / 1.128)
   screen_above    moving ranges of at least this many means are left out, once; none = no screening
   keep_zero_mean  when screening leaves a mean of 0 or nothing, use the unscreened mean instead
   bridge_gaps     a moving range may span points that do not count
   ties_break      a point on the centre line, a missing one and equal neighbours end a run
   beyond_counts   a point outside three sigma counts in two-in-three, and is flagged by it
   strict_target   a limit equal to the target does not meet it #}
{% macro chart_settings(changes=none) -%}
{%- set settings = {
    'xmr_sigma': '(2.66e0 / 3e0)',
    'screen_above': '3.267e0',
    'keep_zero_mean': true,
    'bridge_gaps': false,
    'ties_break': false,
    'beyond_counts': true,
    'strict_target': false,
    'shift_points': var('chart_shift_points', 7) | int,
    'trend_points': var('chart_trend_points', 7) | int,
    'least_baseline': 12,
    'least_pairs': 6,
    'firm_baseline': 24,
    'least_after': 8,
    'least_new_basis': 12,
} -%}
{%- do settings.update(changes or {}) -%}
{{ return(settings) }}
{%- endmacro %}

{# Months before the start that limits are made from: 12 to 36, 24 unless the installation says so. #}
{% macro chart_baseline_months() -%}
{%- set months = var('chart_baseline_months', 24) -%}
{%- if months is number and (months < 12 or months > 36) -%}
    {{ exceptions.raise_compiler_error('chart_baseline_months må være fra 12 til 36, er ' ~ months) }}
{%- endif -%}
{{ return(months) }}
{%- endmacro %}
