{#
    What each table was computed from, kept in ops.computed in the transaction that replaces it, so
    that a night leaves standing what would come out the same (pipelines/warehouse/computed.py,
    which uses the same words for content and inputs). PUKK_COMPUTE says how: `all` computes and
    keeps, `changed` also leaves standing. Without it, by hand, all is computed and nothing is
    kept: what was kept of the table is not true any more, and is forgotten.
#}
{% macro computing() %}
    {{ return(env_var('PUKK_COMPUTE', '')) }}
{% endmacro %}

{# A fingerprint of what makes a table: its statement, with the columns promised, and the engine. #}
{% macro fingerprint(text) %}
    {{ return(local_md5(env_var('PUKK_ENGINE', '') ~ text)) }}
{% endmacro %}

{% macro inputs_now(name) %}
    select
        case when count(*) = count(c.content)
            then md5(string_agg(f.input || ' ' || c.content, ',' order by f.input)) end as inputs
    from ops.computed_from as f
    left join ops.computed as c on f.input = c.name
    where f.name = '{{ name }}'
{% endmacro %}

{% macro content_now(relation) %}
    select count(*) || ' ' || coalesce(sum(hash(t)), 0) || ' '
        || (select md5(any_value(typeof(s))) from (select 1) left join {{ relation }} as s on true)
    from {{ relation }} as t
{% endmacro %}

{% macro still_stands(name, code) %}
    {%- if computing() != 'changed' -%}{{ return(false) }}{%- endif -%}
    {%- set found = run_query(
        "select 1 from ops.computed where name = '" ~ name ~ "' and code = '" ~ code
        ~ "' and inputs = (" ~ inputs_now(name) ~ ")"
    ) -%}
    {{ return(found | length > 0) }}
{% endmacro %}

{# The statements that keep what a table was computed from; content is SQL for what it holds. #}
{% macro keep_computed(name, code, content) %}
    {%- if computing() -%}
        delete from ops.computed where name = '{{ name }}';
        insert into ops.computed (name, code, inputs, content)
        select '{{ name }}', '{{ code }}', ({{ inputs_now(name) }}), ({{ content }});
    {%- elif adapter.get_relation(this.database, 'ops', 'computed') is not none -%}
        delete from ops.computed where name = '{{ name }}';
    {%- endif -%}
{% endmacro %}

{# Of a seed: its file and the types it is read with. #}
{% macro keep_seed() %}
    {%- if execute -%}
        {%- set code = seed_code(model) -%}
        {{ keep_computed(this.identifier, code, content_now(this)) }}
    {%- endif -%}
{% endmacro %}

{% macro seed_code(node) %}
    {%- set said = [node.checksum.checksum] -%}
    {%- for column, kind in (node.config.column_types or {}) | dictsort -%}
        {%- do said.append(column ~ ' ' ~ kind) -%}
    {%- endfor -%}
    {{ return(said | join(',')) }}
{% endmacro %}
