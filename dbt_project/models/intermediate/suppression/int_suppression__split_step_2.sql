-- Months of groups of what units show per year: which are hidden of the first two steps of every split.
{{ hidden_in_step(
    2, ref('int_suppression__split_cells'), ref('int_suppression__split_figures'),
    ref('int_told_parts'), 'month',
    earlier=ref('int_suppression__split_step_1'), cover_level='municipality'
) }}
