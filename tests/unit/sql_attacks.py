"""SQL that an attacker would try; what becomes of it is tested in ``test_query_attacks``."""

SYSTEM_VIEWS = [
    "duckdb_databases", "duckdb_settings", "duckdb_logs", "duckdb_views", "duckdb_schemas",
    "duckdb_constraints", "duckdb_indexes", "duckdb_types", "pragma_database_list",
    "sqlite_master", "sqlite_schema", "sqlite_temp_master", "pg_settings", "pg_database",
    "pg_tablespace", "pg_tables", "pg_views", "pg_class", "pg_proc", "pg_namespace",
    "pg_attribute", "pg_type", "pg_prepared_statements", "pg_sequences", "pg_indexes",
    "pg_description", "information_schema.schemata", "information_schema.views",
    "information_schema.character_sets", "information_schema.table_constraints",
    "pg_catalog.pg_settings", "main.pg_settings", "system.pg_catalog.pg_settings",
    "system.main.duckdb_databases", "temp.main.mart_x", "system.main.mart_x",
    "main.duckdb_databases", '"PG_SETTINGS"', 'pg_catalog."pg_settings"', "other.mart_x",
]  # fmt: skip

_SYSTEM = [
    "from pg_settings", "from pg_settings select name, setting", "table pg_settings",
    "SeLeCt * FrOm Pg_SeTtInGs", "select/**/*/**/from/**/pg_settings",
    "select * from -- mart_x\n pg_settings", "select * from pg_settings -- from mart_x",
    "select * from pg_settings as mart_x", "select mart_x.setting from pg_settings mart_x",
    "describe pg_settings", "summarize pg_settings", "show pg_settings", "show databases",
    "show variables", "describe select * from pg_settings", "summarize select * from pg_settings",
    "explain select * from pg_settings", "explain analyze select * from pg_settings",
    "select (select max(setting) from pg_settings)",
    "select * from mart_x where unit_id in (select setting from pg_settings)",
    "select * from mart_x where exists (from pg_settings)",
    "select * from mart_x join pg_settings on true",
    "select * from mart_x, lateral (select * from pg_settings)",
    "select * from mart_x cross join pg_settings",
    "select 'a' union all select setting from pg_settings",
    "select 'a' except select setting from pg_settings",
    "with a as (select * from pg_settings) select * from a",
    "with pg_settings as (select 1 as a) select * from pg_settings",
    "select * from (with pg_settings as (select 1) select 1), pg_settings",
    "with recursive a as (select setting from pg_settings union select setting from a) from a",
    "with a as materialized (from pg_settings) from a",
    "pivot pg_settings on name in ('a') using max(setting)",
    "unpivot pg_settings on setting into name n value v",
    "select unit_id from mart_x order by (select setting from pg_settings limit 1)",
    "select unit_id from mart_x group by all having max((select 1 from pg_settings limit 1)) > 0",
    "select count(*) filter (exists (from pg_settings)) from mart_x",
    "select sum(value) over (order by (select setting from pg_settings limit 1)) from mart_x",
    "select [x for x in (select list(setting) from pg_settings)]",
    "values ((select max(setting) from pg_settings))",
    "select case when true then (select max(setting) from pg_settings) end",
    "select * from mart_x qualify row_number() over () < (select count(*) from pg_settings)",
    "select * from mart_x limit (select count(*) from pg_settings)",
    "select * from pg_settings tablesample 10%", "select columns('setting') from pg_settings",
]  # fmt: skip

TABLE_FUNCTIONS = [
    "duckdb_databases()", "duckdb_settings()", "duckdb_secrets()", "duckdb_extensions()",
    "duckdb_logs()", "duckdb_log_contexts()", "duckdb_functions()", "duckdb_memory()",
    "duckdb_temporary_files()", "duckdb_variables()", "duckdb_views()", "duckdb_schemas()",
    "duckdb_external_file_cache()", "duckdb_prepared_statements()", "duckdb_optimizers()",
    "pragma_database_size()", "pragma_version()", "pragma_platform()", "pragma_user_agent()",
    "pragma_table_info('mart_x')", "pragma_storage_info('mart_x')", "pragma_show('mart_x')",
    "pragma_metadata_info()", "read_csv('/etc/passwd')", "read_text('/etc/passwd')",
    "read_blob('/etc/passwd')", "read_parquet('/etc/passwd')", "read_json('/etc/passwd')",
    "read_ndjson_objects('/etc/passwd')", "read_duckdb('/tmp/x.duckdb')", "parquet_scan('x')",
    "parquet_schema('x')", "parquet_kv_metadata('x')", "sniff_csv('x')", "glob('/*')",
    "query('select * from pg_settings')", "query_table('pg_settings')",
    "query_table(['mart_x', 'pg_settings'])", "json_execute_serialized_sql('{}')",
    "histogram('pg_settings', name)", "histogram_values('pg_settings', name)",
    "seq_scan('mart_x')", "arrow_scan(1, 2, 3)", "pandas_scan(1)", "test_all_types()",
    "test_vector_types(null)", "summary(mart_x)", "which_secret('s3://x', 's3')", "checkpoint()",
    "force_checkpoint()", "enable_logging()", "enable_profiling()", "truncate_duckdb_logs()",
    "register_external_resource('a')", "icu_calendar_names()", "pg_timezone_names()",
    "main.read_text('/etc/passwd')", "system.main.read_text('/etc/passwd')",
    'read_text("/etc/passwd")', '"read_text"(\'/etc/passwd\')', "READ_TEXT('/etc/passwd')",
    "sqlite_scan('/tmp/x', 'y')", "postgres_scan('host=x', 'a', 'b')", "st_read('/etc/passwd')",
    "shellfs('ls |')", "iceberg_scan('x')", "delta_scan('x')", "no_such_function()",
]  # fmt: skip

_CALLED = [
    "select * from mart_x, read_text('/etc/passwd')",
    "select * from mart_x, lateral read_text(unit_id)",
    "with a as (from read_text('/etc/passwd')) select 1",
    "select (select content from read_text('/etc/passwd'))",
    "summarize from read_text('/etc/passwd')", "from duckdb_settings() select value",
    "select * from range((select count(*) from duckdb_settings()))",
]  # fmt: skip

FUNCTIONS = [
    "current_setting('home_directory')", "main.current_setting('allowed_paths')",
    "system.main.current_setting('allowed_paths')", "'allowed_paths'.current_setting()",
    '"current_setting"(\'threads\')', "CURRENT_SETTING('threads')", "getenv('HOME')",
    "getvariable('x')", "current_query()", "write_log('x')", "nextval('s')", "currval('s')",
    "setval('s', 1)", "json_serialize_plan('select 1')", "json_serialize_sql('select 1')",
    "json_deserialize_sql('{}')", "error('x')", "pg_sleep(10)", "pg_catalog.pg_sleep(10)",
    "pg_get_viewdef(1)", "pg_conf_load_time()", "pg_postmaster_start_time()", "inet_server_addr()",
    "inet_client_port()", "has_table_privilege('mart_x', 'select')", "current_schemas(true)",
    "txid_current()", "get_block_size('x')", "in_search_path('x', 'y')", "stats(1)",
    "vector_type(1)", "create_sort_key(1, 'asc')", "__internal_compress_string_ubigint('a')",
    "__internal_barrier(1)", "invoke(lambda x: x, 1)", "setseed(0.5)",
    "list_transform(['threads'], lambda x: current_setting(x))",
    "list_filter(['threads'], lambda x: getvariable(x) is null)",
    "list_reduce(['a', 'b'], lambda x, y: current_setting(y))",
    "[current_setting(x) for x in ['threads']]", "{'a': current_setting('threads')}",
    "case when true then current_setting('threads') end", "coalesce(current_setting('threads'))",
    "try(current_setting('threads'))", "max(current_setting('threads'))",
    "sum(length(current_setting('threads'))) over ()", "cast(current_setting('a') as varchar)",
    "current_setting('a' || 'b')", "upper(lower(current_setting('a')))", "no_such_function(1)",
]  # fmt: skip

_USED = [
    "select * from mart_x where current_setting('threads') = '1'",
    "select * from mart_x order by current_setting('threads')",
    "select * from mart_x join dim_units on current_setting('a') = ''",
    "select count(*) from mart_x group by current_setting('threads')",
    "select sum(value) over (partition by current_setting('threads')) from mart_x",
    "values (current_setting('threads'))",
    "select * from range(length(current_setting('threads')))",
    "pivot mart_x on unit_id in ('E1') using max(current_setting('threads'))",
    "select * replace (current_setting('threads') as value) from mart_x",
]  # fmt: skip

_FILES = [
    "select * from '/etc/passwd'", 'select * from "/etc/passwd"', "from 'data.csv'",
    "from 'https://example.org/x.parquet'", "from 's3://bucket/x.parquet'", "table 'x.csv'",
    "describe 'x.csv'", "summarize '/etc/passwd'", "select * from '../x.duckdb'",
    "select * from '*.csv'", "select * from mart_x join 'x.csv' on true",
    "with a as (from 'x.csv') from a", "explain analyze from 'x.csv'", "pivot 'x.csv' on a in (1)",
    "select * from 'file:///etc/passwd'", "select * from 'x.csv' as mart_x", 'select * from "a b"',
    "select * from 'mart_x; drop'",
]  # fmt: skip

REFUSED = {
    "system_table": [*(f"select * from {view}" for view in SYSTEM_VIEWS), *_SYSTEM],
    "table_function": [*(f"select * from {call}" for call in TABLE_FUNCTIONS), *_CALLED],
    "function": [*(f"select {call}" for call in FUNCTIONS), *_USED],
    "file": _FILES,
}
"""Attacks by the code they are refused with."""

STATEMENTS = [
    "attach '/tmp/x.duckdb' as x", "attach if not exists ':memory:' as x", "detach x", "use x",
    "install httpfs", "install httpfs from community", "force install httpfs", "load httpfs",
    "update extensions", "update extensions (httpfs)", "copy mart_x to '/tmp/x.csv'",
    "copy (from mart_x) to '/dev/stdout'", "copy mart_x from '/etc/passwd'",
    "copy from database a to b", "export database '/tmp/x'", "import database '/tmp/x'",
    "set threads = 64", "set global memory_limit = '1TB'", "set session threads = 2",
    "set lock_configuration = false", "set variable a = 1", "reset threads", "reset variable a",
    "pragma database_list", "pragma table_info('mart_x')", "pragma threads = 4",
    "pragma enable_profiling", "call pragma_version()", "call duckdb_settings()",
    "call read_text('/etc/passwd')", "checkpoint", "force checkpoint", "vacuum", "analyze",
    "create table t (a int)", "create or replace table mart_x as select 1",
    "create view v as from mart_x", "create temp macro f(x) as x",
    "create function f(x) as table from mart_x", "create type t as enum ('a')",
    "create sequence s", "create schema s", "create secret (type s3)",
    "create index i on mart_x (value)", "drop table mart_x", "drop view if exists v",
    "drop secret s", "alter table mart_x rename to y", "comment on table mart_x is 'x'",
    "insert into mart_x select * from mart_x", "insert into mart_x by name select 1 as value",
    "update mart_x set value = 0", "delete from mart_x", "truncate mart_x",
    "merge into mart_x using dim_units on false when matched then delete",
    "with a as (select 1) insert into mart_x from a", "with a as (select 1) delete from mart_x",
    "prepare p as from mart_x", "execute p", "execute p(1)", "deallocate p", "begin", "commit",
    "rollback", "explain drop table mart_x", "explain analyze delete from mart_x",
    "explain copy mart_x to '/tmp/x'", "explain analyze set threads = 2",
    "explain explain select 1", "explain/**/analyze delete from mart_x", "show threads; select 1",
    "select 1; select 2", "select 1;;select 2", "from mart_x; set threads = 2",
    "select 1; -- x\ndrop table mart_x", "select 1 /* ; */ ; attach 'x'", "", ";", ";;;", "-- x",
    "/* x */", "\ufeff", "\xa0", "pivot mart_x on unit_id", "select", "select * from", "selec 1",
    "'; drop table mart_x; --", "select 1 union", "describe read_text('/etc/passwd')", "{}",
    "\x00", "select 1\x00; drop table mart_x", "\\copy mart_x to 'x'", ".open x.duckdb",
    ".shell ls", "!ls", "exec('x')", "declare @a int", "grant all on mart_x to public",
]  # fmt: skip
"""No questions: other statements, several, or none."""

BOMBS = [
    "select lpad('x', 2000000000, 'y')", "select repeat(repeat('x', 100000), 100000)",
    "select list_sum(range(2000000000))",
    "select max(a || b) from (select repeat('x', 100000000) a, repeat('y',"
    " 100000000) b), range(99)",
    "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b",
    "with recursive r(s) as (select 'x' union all select s || s from r) select"
    " max(length(s)) from r",
    "select string_agg(a.unit_id || b.unit_id) from mart_x a, mart_x b, mart_x c, mart_x d",
    "select factorial(i % 20) from range(10000000000) t(i) order by hash(i)",
    "select list_sort(list(random())) from range(1000000000)", "select printf('%1000000000d', 1)",
]  # fmt: skip
"""Questions that would take all time or memory there is."""
