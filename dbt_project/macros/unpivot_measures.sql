{# Long measures from a wide unit-month model. `measures`: [(measure_id, value column,
   contributors column or 'null')]. Rows without a value are missing, not zero, and left out. #}
{% macro unpivot_measures(relation, measures, source_name, persons='n_persons', persons_once='n_persons_once') -%}
    {% for measure_id, value_column, contributors in measures %}
    select
        unit_id,
        month,
        '{{ measure_id }}' as measure_id,
        cast({{ value_column }} as double) as value,
        cast({{ persons }} as integer) as n_persons,
        cast({{ persons_once }} as integer) as n_persons_once,
        cast({{ contributors }} as integer) as n_contributors,
        '{{ source_name }}' as source,
        delivery_id
    from {{ relation }}
    where {{ value_column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}
