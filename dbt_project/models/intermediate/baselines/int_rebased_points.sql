-- The points from every new basis with its lines and the rules they are caught by.
{{ ruled_points(ref('int_rebased_months'), ref('int_rebased_limits'), chart_settings()) }}
