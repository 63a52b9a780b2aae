{# Points of a shift: at least seven in a row on one side of the centre line. A point on the line neither
   breaks a run nor counts in it, and neither does a missing month.

   sides: series_id, phase_no, seq, side. #}
{% macro shift_points(sides, settings) -%}
{% set n = settings.shift_points - 1 -%}
{% set run -%}
(partition by series_id, phase_no order by seq rows between {{ n }} preceding and current row)
{%- endset -%}
{% set reached -%}
(partition by series_id, phase_no order by seq rows between current row and {{ n }} following)
{%- endset -%}
select series_id, phase_no, seq
from (
    select series_id, phase_no, seq, side, max(abs(run_side)) over {{ reached }} as longest
    from (
        select series_id, phase_no, seq, side, sum(side) over {{ run }} as run_side
        from {{ sides }}
        {% if not settings.ties_break %}
        where side <> 0
        {% endif %}
    ) as runs
) as points
where longest = {{ settings.shift_points }} and side <> 0
{%- endmacro %}
