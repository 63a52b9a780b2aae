{# Cells with their quotient, and in `missing_reason` why it is no figure. A figure beyond what the
   metric can be is no figure; six decimals are published, so less than that is a rounding. Nor is one
   that no sum can hold, as a quantity typed into a field of amounts (infinite and not-a-number are
   above any limit).

   cells: metric_id, scale, numerator, denominator, gap_reason. #}
{% macro reasoned_cells(cells) -%}
with divided as (
    select
        cells.*,
        metrics.lower_bound,
        metrics.upper_bound,
        cells.scale * {{ ratio('cells.numerator', 'cells.denominator') }} as quotient
    from {{ cells }} as cells
    inner join {{ ref('int_metrics') }} as metrics
        on cells.metric_id = metrics.metric_id
)

select
    divided.*,
    case
        when numerator is null or denominator is null then coalesce(gap_reason, 'no_data')
        when abs(numerator) >= {{ largest_part() }} or abs(denominator) >= {{ largest_part() }}
            then 'impossible_value'
        when denominator = 0 then 'zero_denominator'
        when denominator < 0 then 'negative_denominator'
        when abs(quotient) >= {{ largest_part() }} then 'impossible_value'
        when quotient < lower_bound - 0.000001 or quotient > upper_bound + 0.000001
            then 'impossible_value'
    end as missing_reason
from divided
{%- endmacro %}

{# Whether the parts of a cell are figures to sum: when nothing is missing, and when only the division
   has no meaning. #}
{% macro has_figures(missing_reason) -%}
    ({{ missing_reason }} is null
    or {{ missing_reason }} in ('zero_denominator', 'negative_denominator'))
{%- endmacro %}

{# Sums are exact decimals with nine places; a million million is beyond any municipality. #}
{% macro largest_part() -%}
1e12
{%- endmacro %}
