{# Runs on one side of the centre line, one row per point in them. A point on the line neither breaks
   a run nor counts in it, and neither does a missing month.

   sides: series_id, phase_no, seq, side. #}
{% macro side_runs(sides, settings) -%}
{% set window -%}
(partition by series_id, phase_no order by seq)
{%- endset %}
select
    series_id,
    phase_no,
    seq,
    side,
    run_no,
    count(*) over (partition by series_id, phase_no, run_no) as run_length
from (
    select
        series_id,
        phase_no,
        seq,
        side,
        sum(is_first) over (
            partition by series_id, phase_no order by seq rows unbounded preceding
        ) as run_no
    from (
        select
            series_id,
            phase_no,
            seq,
            side,
            case when side = lag(side) over {{ window }} then 0 else 1 end as is_first
        from {{ sides }}
        {% if not settings.ties_break %}
        where side <> 0
        {% endif %}
    ) as starts
) as runs
{%- endmacro %}
