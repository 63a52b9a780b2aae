{{ config(materialized='view') }}
-- How large the change since the start is, with its interval, and what the last year before was like.
{{ chart_changes(ref('int_chart_judged_points')) }}
