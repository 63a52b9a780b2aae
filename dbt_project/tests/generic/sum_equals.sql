{# Rows where the columns, all present, do not add up to total (a number or a column). #}
{% test sum_equals(model, columns, total, tolerance=0.000001) %}
select *
from {{ model }}
where abs({{ columns | join(" + ") }} - {{ total }}) > {{ tolerance }}
{% endtest %}
