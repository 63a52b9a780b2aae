{# Points in a trend: at least seven points, every one higher (or lower) than the one before. Equal
   neighbours neither add to a trend nor end it and are not part of it; a missing month ends it. A
   point where two trends meet belongs to the later one.

   sides: series_id, phase_no, seq, value, is_counted. #}
{% macro trend_points(sides, settings) -%}
{% set n = settings.trend_points - 1 -%}
{% set in_order -%}
partition by series_id, phase_no order by seq
{%- endset -%}
select series_id, phase_no, seq, case when is_before_trend then next_step else step end as direction
from (
    select series_id, phase_no, seq, step, next_step,
        coalesce(longest = {{ n }} and step <> 0, false) as is_trend,
        coalesce(next_longest = {{ n }} and next_step <> 0, false) as is_before_trend
    from (
        select series_id, phase_no, seq, step,
            lead(step) over ({{ in_order }}) as next_step,
            max(abs(steps)) over ({{ in_order }} rows between current row and {{ n - 1 }} following)
                as longest,
            max(abs(steps)) over ({{ in_order }} rows between 1 following and {{ n }} following)
                as next_longest
        from (
            select series_id, phase_no, seq, step,
                sum(step) over ({{ in_order }} rows between {{ n - 1 }} preceding and current row) as steps
            from (
                select series_id, phase_no, seq, is_present,
                    case when is_present then {{ side_of('value', 'value_before') }} end as step
                from (
                    select series_id, phase_no, seq, value,
                        is_counted and value is not null as is_present,
                        lag(case when is_counted then value end) over ({{ in_order }}) as value_before
                    from {{ sides }}
                ) as neighbours
            ) as steps
            where is_present{{ " and (step is null or step <> 0)" if not settings.ties_break }}
        ) as stretches
    ) as reached
) as points
where is_trend or is_before_trend
{%- endmacro %}
