{# Points beyond two sigma in three successive points that all lie on one side, at least two of them
   beyond two sigma. Points outside three sigma count too (Making Data Count, November 2023).

   sides: series_id, phase_no, seq, side, is_outside, is_beyond_2s. #}
{% macro two_in_three(sides, settings) -%}
{% set three -%}
(partition by series_id, phase_no order by seq rows between 2 preceding and current row)
{%- endset %}
{% set ahead -%}
over (partition by series_id, phase_no order by seq)
{%- endset %}
select series_id, phase_no, seq
from (
    select
        series_id,
        phase_no,
        seq,
        is_beyond,
        is_end
        or coalesce(lead(is_end, 1) {{ ahead }}, false)
        or coalesce(lead(is_end, 2) {{ ahead }}, false) as is_in_three
    from (
        select
            series_id,
            phase_no,
            seq,
            is_beyond,
            coalesce(
                abs(sum(side) over {{ three }}) = 3
                and sum(case when is_beyond then 1 else 0 end) over {{ three }} >= 2,
                false
            ) as is_end
        from (
            select series_id, phase_no, seq, side,
                is_beyond_2s{% if not settings.beyond_counts %} and not is_outside{% endif %}
                    as is_beyond
            from {{ sides }}
        ) as beyond
    ) as ends
) as points
where is_beyond and is_in_three
{%- endmacro %}
