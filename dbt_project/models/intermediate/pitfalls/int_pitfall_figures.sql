-- The figures of every signal as the sentences write them, with the limits of its rule.
select
    scopes.scope_type,
    scopes.scope_id,
    scopes.signal_id,
    {% for language in ['nb', 'en'] %}
    case
        when rules.value_unit = 'points' then {{ shown_number('scopes.value', language, 2) }}
        else {{ shown_number('scopes.value', language) }}
    end as value_{{ language }},
    {% for limit in ['threshold', 'limit_2'] %}
    {{ shown_number('cast(rules.' ~ limit ~ ' as double)', language) }}
        as {{ limit }}_{{ language }}{{ "," if not (loop.last and language == 'en') }}
    {% endfor %}
    {% endfor %}
from {{ ref('int_pitfall_scopes') }} as scopes
inner join {{ ref('pitfall_rules') }} as rules
    on scopes.signal_id = rules.signal_id
