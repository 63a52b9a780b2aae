-- Months of groups of what units show per year: which are hidden, neighbours included.
{{ hidden_in_step(
    3, ref('int_suppression__split_cells'), ref('int_suppression__split_figures'),
    ref('int_told_parts'), 'month',
    earlier=ref('int_suppression__split_step_2'), cover_level='municipality'
) }}
