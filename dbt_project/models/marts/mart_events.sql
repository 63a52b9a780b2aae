-- What else happened that may explain a change, in words: the register's events with what the register
-- says of each, which is about units and never about persons, and what became of units.
select
    events.event_id,
    events.unit_id,
    events.metric_id,
    events.event_date,
    {{ month_of('events.event_date') }} as month,
    events.event_type,
    {{ worded('labels.label') }},
    events.description as event_text
from {{ ref('int_lean__events') }} as events
left join {{ ref('labels') }} as labels
    on
        labels.domain = 'event_type'
        and events.event_type = labels.code
union all
select
    concat(
        event_type, '/', cast(change_date as {{ type_text() }}), '/', about_unit_id, '/', unit_id
    ) as event_id,
    unit_id,
    cast(null as {{ type_text() }}) as metric_id,
    change_date as event_date,
    {{ month_of('change_date') }} as month,
    event_type,
    {{ worded('label') }},
    cast(null as {{ type_text() }}) as event_text
from {{ ref('int_unit_change_texts') }}
