-- Every point with its lines and all rules it is caught by.
{{ ruled_points(ref('int_chart_months'), ref('int_chart_limits'), chart_settings()) }}
