-- Longest run and crossings of the centre line, for run charts read without limits.
with sides as (
    select series_id, phase_no, seq, side, is_counted
    from {{ ref('int_chart_points') }}
    where is_counted
),

runs as (
    {{ side_runs('sides', chart_settings()) }}
)

{{ anhoej_runs('sides', 'runs', ref('anhoej_limits')) }}
