-- Years of units of what they show per year: which are hidden, neighbours included.
{{ hidden_in_step(
    3, ref('int_suppression__year_cells'), ref('int_suppression__year_figures'),
    ref('int_told_parts'), 'year',
    earlier=ref('int_suppression__year_step_2')
) }}
