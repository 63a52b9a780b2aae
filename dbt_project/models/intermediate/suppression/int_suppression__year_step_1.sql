-- Years of units of what they show per year: which are hidden of the first step of every split.
{{ hidden_in_step(
    1, ref('int_suppression__year_cells'), ref('int_suppression__year_figures'),
    ref('int_told_parts'), 'year'
) }}
