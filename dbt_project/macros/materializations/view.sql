{#
    DuckDB replaces a view in one statement; see table.sql. What a view holds is hashed only where
    it reads sources; of the others it is enough to know its SQL and what it reads (computed.sql).
#}
{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='view') -%}
    {%- set code = fingerprint(compiled_code) -%}
    {%- set reads_sources = model.fqn[1] == 'staging' -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {% if existing is not none and existing.is_table %}drop table {{ target }} cascade;{% endif %}
        create or replace view {{ target }} as (
            {{ compiled_code }}
        );
        {{ keep_computed(
            this.identifier, code, content_now(target) if reads_sources else "select '" ~ code ~ "'"
        ) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}
