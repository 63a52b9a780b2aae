{# The moving range of every baseline point: the distance to the point before it in its phase, on the
   scale the chart is computed on. A missing neighbour leaves none, and the first of a phase has none.
   I' (Taylor): distances are weighed by the two denominators so that they measure one sigma for a
   denominator of 1. T: distances of the times to the power 1 / 3.6.

   points: series_id, phase_no, seq, chart, value, denominator, is_baseline. #}
{% macro moving_ranges(points, settings) -%}
{% set window -%}
(partition by series_id, phase_no order by seq)
{%- endset %}
select
    series_id,
    phase_no,
    seq,
    case
        when seq_before is null then null
        {% if not settings.bridge_gaps %}
        when seq - seq_before <> 1 then null
        {% endif %}
        when chart = 'iprime' then sqrt(pi() / 2e0) * abs(level - level_before)
            / sqrt(1e0 / nullif(denominator, 0e0) + 1e0 / nullif(denominator_before, 0e0))
        else abs(level - level_before)
    end as moving_range
from (
    select
        series_id,
        phase_no,
        seq,
        chart,
        level,
        denominator,
        lag(seq) over {{ window }} as seq_before,
        lag(level) over {{ window }} as level_before,
        lag(denominator) over {{ window }} as denominator_before
    from (
        select
            series_id,
            phase_no,
            seq,
            chart,
            denominator,
            case
                when chart = 't' and value > 0 then power(value, 1e0 / 3.6e0)
                when chart <> 't' then value
            end as level
        from {{ points }}
        where is_baseline
    ) as levels
) as neighbours
{%- endmacro %}
