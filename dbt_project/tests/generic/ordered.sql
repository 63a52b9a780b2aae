{# Rows where lower_column > upper_column, when both are present. #}
{% test ordered(model, lower_column, upper_column) %}
select *
from {{ model }}
where {{ lower_column }} > {{ upper_column }}
{% endtest %}
