-- Everything that is measured, in one long shape: unit, month, measure. A source is one more branch when
-- its contract says what is measured. Where two give the same for a unit and month, the first named wins.
{% set relations = ['int_sick_leave__delivered_measures'] %}
{% for contract in measured_sources() + ['unit_metrics'] %}
{% do relations.append('int_' ~ contract ~ '__measures') %}
{% endfor %}
with unioned as (
    {% for relation in relations %}
    select
        unit_id,
        month,
        measure_id,
        value,
        n_persons,
        n_persons_once,
        n_contributors,
        source,
        delivery_id,
        {{ loop.index }} as source_order
    from {{ ref(relation) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        unioned.*,
        min(source_order) over (partition by unit_id, month, measure_id) as first_source
    from unioned
)

select
    ranked.unit_id,
    ranked.month,
    ranked.measure_id,
    ranked.value,
    ranked.n_persons,
    ranked.n_persons_once,
    ranked.n_contributors,
    ranked.source,
    ranked.delivery_id
from ranked
inner join {{ ref('int_data_range') }} as data_range
    on ranked.month between data_range.first_month and data_range.last_month
where ranked.source_order = ranked.first_source
