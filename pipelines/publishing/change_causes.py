"""Which deliveries are new since the edition before, and which figures they moved: SQL, no more.

The other questions to two editions are in ``change_queries``.
"""

DELIVERIES = """
create or replace temp table told_deliveries as
select
    n.delivery_id, n.contract_id || '.' || n.table_name as source_table, n.periods,
    o.status as old_status, n.status as new_status,
    (select max(told.rows_loaded) from ops.released_deliveries as told
        where told.delivery_id = n.delivery_id) as rows_loaded,
    exists (select 1 from {before}.mart_deliveries as p
        where p.contract_id = n.contract_id and p.table_name = n.table_name
            and p.status = 'loaded'
            and list_has_any(string_split(p.periods, ','), string_split(n.periods, ',')))
        as is_anew
from ops.deliveries as n
left join {before}.mart_deliveries as o
    on n.delivery_id = o.delivery_id and coalesce(o.file_sha256, n.file_sha256) = n.file_sha256
where (o.delivery_id is null or o.status <> n.status) and not exists (
    select 1 from ops.deliveries as m
    where m.delivery_id <> n.delivery_id and m.file_sha256 = n.file_sha256 and m.periods = n.periods
        and m.contract_id = n.contract_id and m.table_name = n.table_name
        and (coalesce(o.status, 'superseded'), n.status, m.status) in (
            ('superseded', 'loaded', 'superseded'), ('loaded', 'superseded', 'loaded')))
"""
"""Deliveries that came, or count otherwise, since; a file that is only read anew is no news."""

CAUSES = """
create or replace temp table told_causes as
with touched as (
    select c.unit_id, c.metric_id, c.what, d.delivery_id, d.new_status
    from told_cells as c
    inner join (select distinct metric_id, source_table from {now}.mart_lineage) as l
        on c.metric_id = l.metric_id
    inner join told_deliveries as d on l.source_table = d.source_table
    -- what counts again because a later file was withdrawn is no correction of its own
    where (d.new_status = 'withdrawn'
            or (d.new_status = 'loaded' and d.old_status is distinct from 'superseded'))
        and (d.periods = 'all'
            or contains(',' || d.periods || ',', ',' || strftime(c.month, '%Y-%m') || ',')
            -- an absence that begins in a file's month goes on into later ones
            or (c.what <> 'new' and d.is_anew and left(d.periods, 7) < strftime(c.month, '%Y-%m')))
), told as (
    select unit_id, metric_id, what, delivery_id, new_status from touched
    union all
    select unit_id, metric_id, what, null, null from told_cells
)
select
    case when grouping(unit_id) = 0 then unit_id end as unit_id, metric_id,
    case when grouping(what) = 0 then what else 'all' end as what,
    string_agg(distinct delivery_id, ', ' order by delivery_id) as delivery_ids,
    coalesce(bool_or(new_status = 'withdrawn' and what <> 'new'), false) as is_withdrawn,
    coalesce(bool_or(new_status = 'loaded' and what <> 'new'), false) as is_corrected,
    bool_or(what = 'new') as has_new, bool_or(what <> 'new') as has_other
from told
group by grouping sets ((unit_id, metric_id, what), (unit_id, metric_id), (metric_id))
"""
"""Why figures moved: by new months, a correction or a withdrawal; per unit, and for the metric."""
