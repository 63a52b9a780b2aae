{{ config(materialized='view') }}
-- What the points after the start say: runs and signs, by limits widened for autocorrelation.
{{ chart_signs(ref('int_chart_judged_points'), chart_settings()) }}
