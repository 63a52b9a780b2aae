{# How much each point resembles the one before it: sum(c_i c_i+1) / sum(c_i ^ 2), with c the distance
   from the mean in parts of the largest one; missing points removed, order kept. NULL where nothing varies.

   points: series_id, phase_no, seq, deviation. #}
{% macro lag_one_autocorrelation(points) -%}
select
    series_id,
    phase_no,
    {{ exact_sum('distance * next_distance') }}
    / nullif({{ exact_sum('distance * distance') }}, 0e0) as autocorrelation
from (
    select
        series_id,
        phase_no,
        distance,
        lead(distance) over (partition by series_id, phase_no order by seq) as next_distance
    from (
        select
            series_id,
            phase_no,
            seq,
            distance / nullif(max(abs(distance)) over (partition by series_id, phase_no), 0e0)
                as distance
        from (
            select
                series_id,
                phase_no,
                seq,
                deviation - {{ exact_avg('deviation', '(partition by series_id, phase_no)') }}
                    as distance
            from {{ points }}
            where deviation is not null
        ) as centred
    ) as scaled
) as pairs
group by series_id, phase_no
{%- endmacro %}
