-- Every signal judged against the one place its limit is written. What was not delivered, and what
-- cannot be judged, is never "no pitfall".
with figures as (
    {% for part in ['gains', 'anchoring', 'training', 'culture', 'cuts', 'measuring'] %}
    select
        cast(unit_id as {{ type_text() }}) as unit_id,
        signal_id,
        cast(value as double) as value,
        cast(n as integer) as n,
        cast(n_other as integer) as n_other,
        cast(figure_date as date) as figure_date,
        cast(first_date as date) as first_date,
        reason,
        {% if part in ['anchoring', 'culture'] %}coalesce(is_exempt, false){% else %}false{% endif %}
            as is_exempt
    from {{ ref('int_pitfalls__' ~ part) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

seen as (
    select
        figures.unit_id,
        figures.signal_id,
        rules.pitfall_no,
        rules.comparison,
        rules.threshold,
        figures.is_exempt,
        figures.n,
        figures.n_other,
        figures.figure_date,
        figures.first_date,
        case
            when rules.needs is null or delivered.is_delivered then figures.value
        end as value,
        case
            when rules.needs is not null and not delivered.is_delivered then 'not_delivered'
            when figures.value is null then figures.reason
        end as reason
    from figures
    inner join {{ ref('pitfall_rules') }} as rules
        on figures.signal_id = rules.signal_id
    left join {{ ref('int_activity__delivered') }} as delivered
        on rules.needs = delivered.table_name
),

judged as (
    select
        seen.*,
        case comparison
            when 'above' then value > threshold and not is_exempt
            when 'at_least' then value >= threshold and not is_exempt
            when 'below' then value < threshold and not is_exempt
        end as is_signal
    from seen
)

select
    unit_id,
    signal_id,
    pitfall_no,
    case
        when is_signal is null then 'cannot_see'
        when is_signal then 'signal'
        else 'no_signal'
    end as status,
    value,
    case when value is not null then n end as n,
    case when value is not null then n_other end as n_other,
    case when value is not null then figure_date end as figure_date,
    case when is_signal then first_date end as first_seen_date,
    reason
from judged
