{{ config(materialized='view') }}
-- Every gain at every date once in each of the groups it is told in: in all, by tool, by sector and,
-- by its shares, by type.
with gains as (
    select
        status.*,
        register.unit_id
    from {{ ref('int_lean__gain_status') }} as status
    inner join {{ ref('stg_lean__gains') }} as register
        on status.gain_id = register.gain_id
)

select
    as_of_date, unit_id, 'total' as breakdown, 'all' as breakdown_value, identified_fte,
    realised_fte, status
from gains
union all
select as_of_date, unit_id, 'tool', tool, identified_fte, realised_fte, status
from gains
union all
select
    as_of_date, unit_id, 'sector', coalesce(sector, 'ikke_fordelt'), identified_fte, realised_fte,
    status
from gains
{% for gain_type in ['quality', 'quantity', 'saving'] %}
union all
select
    as_of_date, unit_id, 'type', '{{ gain_type }}',
    identified_fte * share_{{ gain_type }}, realised_fte * share_{{ gain_type }}, status
from gains
where share_{{ gain_type }} > 0
{% endfor %}
