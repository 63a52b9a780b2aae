-- Totals: which units are hidden for their sector's total to protect, and which sectors cannot have one.
{{ hidden_in_sectors(
    ref('int_suppression__total_cells'), ref('int_suppression__figures'), 'month', known='was_shown'
) }}
