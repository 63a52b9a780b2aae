{{ config(materialized='view') }}
-- Every ledger row that was loaded, and what it is used as: `used`, or why it is not. Of a revised
-- budget each line counts in its latest version, from the last whole version on.
select
    unit_id,
    cost_centre,
    account,
    art,
    year,
    period,
    amount_type,
    amount_nok,
    case
        when account_class = '0' then 'investment'
        when account_class = '2' then 'balance'
        when account_class <> '1' then 'other_account_class'
        else 'used'
    end as used_as,
    period_ym,
    feed_id,
    delivery_id
from {{ ref('stg_ledger__entries') }}
where amount_type = 'accounts' or account_class <> '1'
union all
select
    lines.unit_id,
    lines.cost_centre,
    lines.account,
    lines.art,
    lines.year,
    lines.period,
    lines.amount_type,
    lines.amount_nok,
    case
        when lines.last_version = lines.version_no
            and lines.version_no >= versions.first_version_no then 'used'
        else 'earlier_version'
    end as used_as,
    lines.period_ym,
    lines.feed_id,
    lines.delivery_id
from {{ ref('int_ledger__budget_lines') }} as lines
inner join {{ ref('int_ledger__unit_versions') }} as versions
    on lines.owner_id = versions.unit_id
    and lines.year = versions.year
    and lines.amount_type = versions.amount_type
    and lines.version_no = versions.version_no
