-- The points a verdict looks at, with what they weigh and what autocorrelation costs.
{{ judged_points(ref('int_chart_points'), ref('int_chart_limits')) }}
