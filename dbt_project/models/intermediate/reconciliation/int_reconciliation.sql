-- Loaded, less what is used, less what is accounted for: nothing may be left. Days are sums of
-- fractions, so less than a hundredth is nothing.
with sums as (
    select
        source,
        feed_id,
        period,
        measure,
        sum(case when part = 'loaded' then n_rows else 0 end) as n_loaded,
        sum(case when part = 'used' then n_rows else 0 end) as n_used,
        sum(case when part in ('loaded', 'used') then 0 else n_rows end) as n_accounted_for,
        {{ exact_sum("case when part = 'loaded' then amount else 0 end") }} as amount_loaded,
        {{ exact_sum("case when part = 'used' then amount else 0 end") }} as amount_used,
        {{ exact_sum("case when part in ('loaded', 'used') then 0 else amount end") }}
            as amount_accounted_for
    from {{ ref('int_reconciliation_parts') }}
    group by source, feed_id, period, measure
)

select
    sums.*,
    n_loaded - n_used - n_accounted_for as n_unexplained,
    amount_loaded - amount_used - amount_accounted_for as amount_unexplained,
    n_loaded <> n_used + n_accounted_for
    or abs(amount_loaded - amount_used - amount_accounted_for) >= 0.01 as is_unexplained
from sums
