-- Years of units of what they show per year: which are hidden of the first two steps of every split.
{{ hidden_in_step(
    2, ref('int_suppression__year_cells'), ref('int_suppression__year_figures'),
    ref('int_told_parts'), 'year',
    earlier=ref('int_suppression__year_step_1')
) }}
