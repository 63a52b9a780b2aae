-- Operating entries that count: account class 1 (or none given), and of each budget the latest
-- version. `is_year_total` marks rows a year total is made of: whole-year rows are left out where
-- another feed delivers the same unit, year and amount by period.
with entries as (
    select
        coalesce(unit_id, 'ikke_fordelt') as unit_id,
        cost_centre,
        account,
        art,
        year,
        period,
        amount_type,
        amount_nok,
        budget_version,
        decided_date,
        feed_id,
        delivery_id
    from {{ ref('stg_ledger__entries') }}
    where account_class is null or account_class = '1'
),

ranked as (
    select
        entries.*,
        case
            when amount_type = 'accounts' then 1
            else dense_rank() over (
                partition by unit_id, year, amount_type
                order by decided_date desc nulls last, budget_version desc nulls last
            )
        end as version_order
    from entries
),

periodised as (
    select unit_id, year, amount_type, min(feed_id) as first_feed, max(feed_id) as last_feed
    from ranked
    where period is not null and version_order = 1
    group by unit_id, year, amount_type
)

select
    ranked.unit_id,
    ranked.cost_centre,
    ranked.account,
    ranked.art,
    ranked.year,
    ranked.period,
    case
        when ranked.period between 1 and 12 then {{ month_from('ranked.year', 'ranked.period') }}
    end as month,
    ranked.amount_type,
    ranked.amount_nok,
    ranked.period is not null
    or periodised.unit_id is null
    or (
        periodised.first_feed = ranked.feed_id and periodised.last_feed = ranked.feed_id
    ) as is_year_total,
    ranked.delivery_id
from ranked
left join periodised
    on ranked.unit_id = periodised.unit_id
    and ranked.year = periodised.year
    and ranked.amount_type = periodised.amount_type
where ranked.version_order = 1
