-- Rows have no key: a delivery replaces its periods at loading, so every row here counts.
-- A five-digit account holds account class (1), KOSTRA art (3) and a local digit.
select
    unit_id,
    cost_centre,
    account,
    coalesce(
        account_class, case when length(account) = 5 then substr(account, 1, 1) end
    ) as account_class,
    coalesce(art, case when length(account) = 5 then substr(account, 2, 3) end) as art,
    function as function_code,
    project,
    line_text,
    year,
    period,
    amount_type,
    amount_nok,
    budget_version,
    decided_date,
    period_ym,
    feed_id,
    delivery_id
from {{ source('ledger', 'entries') }}
