{# Whether a locked target counts, and if not, why: the columns are those of int_target_locks. #}
{% macro lock_state() -%}
case
    when numbered.place > 1000000 then 'late'
    when numbered.place > 1 then 'second'
    when numbered.is_changed then 'changed'
    when coalesce(metrics.definition_sha256, '') <> numbered.definition_sha256 then 'redefined'
    else 'registered'
end
{%- endmacro %}
