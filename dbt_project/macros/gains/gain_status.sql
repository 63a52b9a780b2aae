{# What a measured change D in paid FTE (`measured_fte` from `measured_lo` to `measured_hi`, negative =
   fewer) says about R realised FTE over the same units and months. First that holds.

   not_interpretable: the unit's budget was cut, or it was reorganised, near the start.
   confirmed: the interval excludes 0 and contains -R; more_than_reported: it lies beyond -R.
   partly: it lies between 0 and -R. not_seen: it contains 0 and excludes -R; increased: above 0.
   cannot_tell: it contains both. #}
{% macro gain_status() -%}
case
    when realised_fte <= 0 then 'nothing_realised'
    when realised_counted_fte <= 0 and has_double then 'double_counted'
    when realised_counted_fte <= 0 then 'without_evidence'
    when verdict = 'not_interpretable' then 'not_interpretable'
    when not is_judged or measured_lo is null or measured_hi is null then 'no_measurement'
    when realised_compared_fte <= 0 then 'realised_outside'
    when measured_lo > 0 then 'increased'
    when measured_hi < 0 and measured_hi < -realised_compared_fte then 'more_than_reported'
    when measured_hi < 0 and measured_lo <= -realised_compared_fte then 'confirmed'
    when measured_hi < 0 then 'partly'
    when measured_lo > -realised_compared_fte then 'not_seen'
    else 'cannot_tell'
end
{%- endmacro %}
