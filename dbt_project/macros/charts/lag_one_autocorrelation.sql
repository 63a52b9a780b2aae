{# How much each point resembles the one before it: sum(c_i c_i+1) / sum(c_i ^ 2), with c the distance
   from the mean; missing points removed, order kept. NULL where nothing varies.

   points: series_id, phase_no, seq, deviation. #}
{% macro lag_one_autocorrelation(points) -%}
select
    series_id,
    phase_no,
    sum(distance * next_distance) / nullif(sum(distance * distance), 0e0) as autocorrelation
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
            deviation - avg(deviation) over (partition by series_id, phase_no) as distance
        from {{ points }}
        where deviation is not null
    ) as centred
) as pairs
group by series_id, phase_no
{%- endmacro %}
