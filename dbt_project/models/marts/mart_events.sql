-- What else happened that may explain a change, in words. The register's own free text stays behind.
select
    events.event_id,
    events.unit_id,
    events.metric_id,
    events.event_date,
    {{ month_of('events.event_date') }} as month,
    events.event_type,
    labels.label_nb,
    labels.label_en
from {{ ref('int_lean__events') }} as events
left join {{ ref('labels') }} as labels
    on
        labels.domain = 'event_type'
        and events.event_type = labels.code
