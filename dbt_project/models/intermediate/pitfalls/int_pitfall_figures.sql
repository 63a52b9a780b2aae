-- The figures of every signal as the sentences write them, with the limits of its rule. What rounds to
-- a whole number is written without decimals.
with figures as (
    select
        scopes.scope_type,
        scopes.scope_id,
        scopes.signal_id,
        'value' as figure,
        scopes.value,
        case when rules.value_unit = 'points' then round(scopes.value, 2) else round(scopes.value, 1) end
            as rounded,
        case when rules.value_unit = 'points' then 2 else 1 end as digits
    from {{ ref('int_pitfall_scopes') }} as scopes
    inner join {{ ref('pitfall_rules') }} as rules
        on scopes.signal_id = rules.signal_id
    {% for limit in ['threshold', 'limit_2'] %}
    union all
    select
        scopes.scope_type,
        scopes.scope_id,
        scopes.signal_id,
        '{{ limit }}' as figure,
        cast(rules.{{ limit }} as double) as value,
        round(cast(rules.{{ limit }} as double), 1) as rounded,
        1 as digits
    from {{ ref('int_pitfall_scopes') }} as scopes
    inner join {{ ref('pitfall_rules') }} as rules
        on scopes.signal_id = rules.signal_id
    {% endfor %}
),

sized as (
    select figures.*, case when rounded = round(value, 0) then 0 else digits end as decimals
    from figures
),

written as (
    select
        scope_type,
        scope_id,
        signal_id,
        figure,
        {% call(language) each_language() %}
        {{ number_text('value', 'decimals', language, signed=false) }} as text_{{ language }}
        {% endcall %}
    from sized
)

select
    scope_type,
    scope_id,
    signal_id,
    {% call(language) each_language() %}
    {% for figure in ['value', 'threshold', 'limit_2'] %}
    max(case when figure = '{{ figure }}' then text_{{ language }} end) as {{ figure }}_{{ language }}
    {{- "," if not loop.last }}
    {% endfor %}
    {% endcall %}
from written
group by scope_type, scope_id, signal_id
