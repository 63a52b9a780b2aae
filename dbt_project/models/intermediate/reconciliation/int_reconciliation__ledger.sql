{{ config(materialized='view') }}
-- The accounts: every row loaded is in a year total, or says why not; what the rows of a year and of a
-- month sum to is what is published of them.
with entries as (
    select
        entries.*,
        case when is_year_total then 'used' else 'year_row_beside_periods' end as part
    from {{ ref('int_ledger__entries') }} as entries
),

months as (
    select entries.*, data_range.first_month is not null as is_inside
    from {{ ref('int_ledger__entries') }} as entries
    left join {{ ref('int_data_range') }} as data_range
        on entries.month between data_range.first_month and data_range.last_month
    where entries.month is not null and entries.unit_id <> 'ikke_fordelt'
),

sums as (
    select cast(year as {{ type_text() }}) as period, amount_type, 'loaded' as part, amount_nok
    from entries
    where is_year_total
    union all
    select {{ month_label('month') }} as period, amount_type, 'loaded' as part, amount_nok
    from months
    union all
    select {{ month_label('month') }} as period, amount_type, 'outside_window' as part, amount_nok
    from months
    where not is_inside
    {% for amount_type in ['accounts', 'original_budget', 'revised_budget'] %}
    union all
    select
        cast(year as {{ type_text() }}) as period,
        '{{ amount_type }}' as amount_type,
        'used' as part,
        cast({{ amount_type }}_nok as decimal(18, 2)) as amount_nok
    from {{ ref('int_ledger__year_totals') }}
    where scope_type = 'municipality' and art_group = 'all' and {{ amount_type }}_nok is not null
    union all
    select
        {{ month_label('month') }} as period,
        '{{ amount_type }}' as amount_type,
        'used' as part,
        cast(value as decimal(18, 2)) as amount_nok
    from {{ ref('int_measures_unioned') }}
    where measure_id = '{{ amount_type }}_nok' and source = 'ledger.entries'
    {% endfor %}
)

{{ rows_by_part(ref('stg_ledger__entries'), 'ledger.entries', 'amount_type', "'loaded'", 'amount_nok') }}
union all
{{ rows_by_part('entries', 'ledger.entries', 'amount_type', 'part', 'amount_nok') }}
union all
select
    'ledger.entries' as source,
    feed_id,
    period_ym as period,
    amount_type as measure,
    used_as as part,
    count(*) as n_rows,
    cast(sum(amount_nok) as double) as amount
from {{ ref('int_ledger__lines') }}
where used_as <> 'used'
group by feed_id, period_ym, amount_type, used_as
union all
select
    'ledger.entries' as source,
    '' as feed_id,
    period,
    concat(amount_type, '_nok') as measure,
    part,
    0 as n_rows,
    cast(sum(amount_nok) as double) as amount
from sums
group by period, amount_type, part
