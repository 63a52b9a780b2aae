{{ config(materialized='view') }}
-- One row per new basis in force: is the new process stable, and does it meet its target?
{{ chart_summaries(ref('int_rebased_points'), ref('int_rebased_limits')) }}
