-- Operating entries that count, see int_ledger__lines. `is_year_total` marks rows a year total is made
-- of: whole-year rows are left out where another feed delivers the same unit, year and amount by
-- period.
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
        period_ym,
        feed_id,
        delivery_id
    from {{ ref('int_ledger__lines') }}
    where used_as = 'used'
),

periodised as (
    select unit_id, year, amount_type, min(feed_id) as first_feed, max(feed_id) as last_feed
    from entries
    where period is not null
    group by unit_id, year, amount_type
)

select
    entries.unit_id,
    entries.cost_centre,
    entries.account,
    entries.art,
    entries.year,
    entries.period,
    case
        when entries.period between 1 and 12 then {{ month_from('entries.year', 'entries.period') }}
    end as month,
    entries.amount_type,
    entries.amount_nok,
    entries.period is not null
    or periodised.unit_id is null
    or (
        periodised.first_feed = entries.feed_id and periodised.last_feed = entries.feed_id
    ) as is_year_total,
    entries.period_ym,
    entries.feed_id,
    entries.delivery_id
from entries
left join periodised
    on entries.unit_id = periodised.unit_id
    and entries.year = periodised.year
    and entries.amount_type = periodised.amount_type
