-- What the limits of every series are made from: once, from its baseline.
{{ limit_rows(ref('int_chart_months')) }}
