{# Points in a trend: at least seven points, every one higher (or lower) than the one before. Equal
   neighbours neither add to a trend nor end it and are not part of it; a missing month ends it. A
   point where two trends meet belongs to the later one.

   sides: series_id, phase_no, seq, value, is_counted. #}
{% macro trend_points(sides, settings) -%}
{% set per_piece -%}
partition by series_id, phase_no, piece order by seq
{%- endset %}
select series_id, phase_no, seq,
    case when coalesce(next_length, 0) >= {{ settings.trend_points - 1 }} and next_step <> 0
        then next_step else step end as direction
from (
    select series_id, phase_no, seq, step, n_steps,
        lead(step) over ({{ per_piece }}) as next_step,
        lead(n_steps) over ({{ per_piece }}) as next_length
    from (
        select series_id, phase_no, piece, seq, step,
            count(*) over (partition by series_id, phase_no, piece, stretch) as n_steps
        from (
            select series_id, phase_no, piece, seq, step,
                sum(is_first) over ({{ per_piece }} rows unbounded preceding) as stretch
            from (
                select series_id, phase_no, piece, seq, step,
                    case when step = lag(step) over ({{ per_piece }}) then 0 else 1 end as is_first
                from (
                    select series_id, phase_no, piece, seq,
                        {{ side_of('value', 'value_before') }} as step
                    from (
                        select series_id, phase_no, piece, seq, value,
                            lag(value) over ({{ per_piece }}) as value_before
                        from (
                            select series_id, phase_no, seq, value, is_counted,
                                sum(case when is_counted and value is not null then 0 else 1 end)
                                    over (
                                        partition by series_id, phase_no order by seq
                                        rows unbounded preceding
                                    ) as piece
                            from {{ sides }}
                        ) as pieces
                        where is_counted and value is not null
                    ) as neighbours
                    {% if not settings.ties_break %}
                    where value_before is null or {{ side_of('value', 'value_before') }} <> 0
                    {% endif %}
                ) as steps
            ) as starts
        ) as stretches
    ) as counted
) as points
where (n_steps >= {{ settings.trend_points - 1 }} and step <> 0)
    or (next_length >= {{ settings.trend_points - 1 }} and next_step <> 0)
{%- endmacro %}
