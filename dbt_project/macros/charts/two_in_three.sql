{# Points beyond two sigma in three successive points that all lie on one side, at least two of them
   beyond two sigma. Points outside three sigma count too (Making Data Count, November 2023).

   sides: series_id, phase_no, seq, side, is_outside, is_beyond_2s. #}
{% macro two_in_three(sides, settings) -%}
{% set beyond = 'is_beyond_2s' if settings.beyond_counts else 'is_beyond_2s and not is_outside' -%}
{% set three -%}
(partition by series_id, phase_no order by seq rows between 2 preceding and current row)
{%- endset -%}
{% set reached -%}
(partition by series_id, phase_no order by seq rows between current row and 2 following)
{%- endset -%}
select series_id, phase_no, seq
from (
    select series_id, phase_no, seq, is_beyond, max(is_end) over {{ reached }} as is_in_three
    from (
        select
            series_id,
            phase_no,
            seq,
            {{ beyond }} as is_beyond,
            case
                when abs(sum(side) over {{ three }}) = 3
                    and sum(case when {{ beyond }} then 1 else 0 end) over {{ three }} >= 2
                    then 1
                else 0
            end as is_end
        from {{ sides }}
    ) as ends
) as points
where is_beyond and is_in_three = 1
{%- endmacro %}
