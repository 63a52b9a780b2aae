-- Totals (metrics that are not parts of a split): which cells are hidden, neighbours included.
with between_sectors as (
    {{ hidden_between_sectors(
        ref('int_suppression__sector_choice'), ref('int_suppression__figures'), 'month'
    ) }}
)

{{ suppression_result(ref('int_suppression__total_cells'), 'between_sectors', 'month') }}
