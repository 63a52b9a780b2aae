-- One row per series: what its limits rest on, and its latest point with both icons.
{{ chart_summaries(ref('int_chart_points'), ref('int_chart_limits')) }}
