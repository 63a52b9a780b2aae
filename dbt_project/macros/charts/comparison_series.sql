{# Unit minus the rest: the unit's value less the pooled rate of the other units of its kind that have
   not started, month by month. What all of them share (season, epidemics, new pay rules) is gone.
   None where fewer than two others have figures.

   own: series_id, unit_id, metric_id, service_type, month, scale, value. rest: unit_id, metric_id,
   service_type, month, numerator, denominator; only units not yet started that month. #}
{% macro comparison_series(own, rest) -%}
select
    own.series_id,
    own.month,
    own.value - own.scale * {{ exact_sum('rest.numerator') }}
    / nullif({{ exact_sum('rest.denominator') }}, 0e0) as value
from {{ own }} as own
inner join {{ rest }} as rest
    on own.metric_id = rest.metric_id
    and own.service_type = rest.service_type
    and own.month = rest.month
    and own.unit_id <> rest.unit_id
where own.value is not null
group by own.series_id, own.month, own.value, own.scale
having count(*) >= 2
{%- endmacro %}
