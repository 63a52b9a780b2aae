-- Months of groups of what units show per year: which are hidden of the first step of every split.
{{ hidden_in_step(
    1, ref('int_suppression__split_cells'), ref('int_suppression__split_figures'),
    ref('int_told_parts'), 'month',
    cover_level='municipality'
) }}
