{# Values that are not among those named; a missing value does not count. In place of dbt's own, which
   tells the values and not the rows. #}
{% test accepted_values(model, column_name, values, quote=true) %}
select *
from {{ model }}
where {{ column_name }} not in (
    {% for value in values %}{{ "'" ~ value ~ "'" if quote else value }}{{ ", " if not loop.last }}{% endfor %}
)
{% endtest %}
