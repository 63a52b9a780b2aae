{# Values outside [minimum, maximum]; a bound that is not given does not count. #}
{% test in_range(model, column_name, minimum=none, maximum=none) %}
select *
from {{ model }}
where
    1 = 0
    {% if minimum is not none %}or {{ column_name }} < {{ minimum }}{% endif %}
    {% if maximum is not none %}or {{ column_name }} > {{ maximum }}{% endif %}
{% endtest %}
