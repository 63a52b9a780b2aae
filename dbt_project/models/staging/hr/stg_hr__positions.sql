-- Positions as the newest register that has them says they are. A position that is gone from later
-- registers ends at the last one that had it; one they still have is theirs from the first day they
-- give, and keeps what an earlier register said of the days before.
with contents as (
    select feed_id, coalesce(content_id, file_sha256) as content, min(seq) as content_seq
    from {{ source('ops', 'deliveries') }}
    where contract_id = 'hr' and table_name = 'positions'
    group by feed_id, coalesce(content_id, file_sha256)
),

dated as (
    select
        rows_in.*,
        coalesce(deliveries.register_date, case
            when rows_in.period_ym = 'all' then cast(deliveries.received_at as date)
        end) as register_date,
        coalesce(contents.content_seq, 0) as content_seq
    from {{ source('hr', 'positions') }} as rows_in
    left join {{ source('ops', 'deliveries') }} as deliveries
        on rows_in.delivery_id = deliveries.delivery_id
        and deliveries.contract_id = 'hr' and deliveries.table_name = 'positions'
    left join contents
        on deliveries.feed_id = contents.feed_id
        and coalesce(deliveries.content_id, deliveries.file_sha256) = contents.content
),

listed as (
    select
        dated.*,
        case when register_date is not null then dense_rank() over (
            partition by feed_id order by register_date asc nulls first, content_seq asc
        ) end as register_no
    from dated
),

compared as (
    select
        listed.*,
        max(register_no) over (partition by feed_id, position_id) as last_listed,
        max(register_no) over (partition by feed_id) as newest,
        min(case when register_no is not null then start_date end) over (
            partition by feed_id, position_id
            order by register_no range between 1 following and unbounded following
        ) as later_start,
        row_number() over (
            partition by position_id, start_date
            order by
                register_date desc nulls last, content_seq desc, source_row desc nulls last
        ) as place
    from listed
)

select
    position_id,
    person_id,
    unit_id,
    position_pct,
    employment_type,
    job_code,
    start_date,
    case
        when register_no is null or register_no < last_listed or last_listed = newest
            or end_date <= register_date then end_date
        else register_date
    end as end_date,
    register_no is not null and register_no = last_listed and last_listed < newest
    and (end_date is null or end_date > register_date) as ended_unseen,
    feed_id,
    period_ym,
    delivery_id
from compared
where place = 1 and (later_start is null or start_date < later_start)
