{# The mean moving range of every phase, screened once: ranges of at least 3.267 means are left out
   (Nelson 1982). Where screening would leave a mean of 0, as among mostly zeros, limits would fall
   onto the centre line; then the unscreened mean is used.

   ranges: series_id, phase_no, moving_range. #}
{% macro mean_moving_range(ranges, settings) -%}
select
    series_id,
    phase_no,
    n_ranges,
    {% if settings.screen_above is none %}
    mean_all as mean_range,
    false as is_screened,
    {% elif settings.keep_zero_mean %}
    case when mean_kept > 0 then mean_kept else mean_all end as mean_range,
    mean_kept > 0 and n_kept < n_ranges as is_screened,
    {% else %}
    mean_kept as mean_range,
    n_kept < n_ranges as is_screened,
    {% endif %}
    case
        when mean_all = 0 then 'no_variation'
        when mean_all > 0 and coalesce(mean_kept, 0e0) = 0 then 'screening_would_collapse'
    end as limit_note
from (
    select
        series_id,
        phase_no,
        count(moving_range) as n_ranges,
        count(case when is_kept then moving_range end) as n_kept,
        max(mean_all) as mean_all,
        {{ exact_avg('case when is_kept then moving_range end') }} as mean_kept
    from (
        select
            series_id,
            phase_no,
            moving_range,
            mean_all,
            {% if settings.screen_above is none %}
            true as is_kept
            {% else %}
            moving_range < {{ settings.screen_above }} * mean_all as is_kept
            {% endif %}
        from (
            select
                series_id,
                phase_no,
                moving_range,
                {{ exact_avg('moving_range', '(partition by series_id, phase_no)') }} as mean_all
            from {{ ranges }}
        ) as means
    ) as screened
    group by series_id, phase_no
) as phases
{%- endmacro %}
