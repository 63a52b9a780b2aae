-- One row: first and last month of the warehouse. The last is configured, or the last month that
-- any source has figures for; open spells and positions are counted to its end.
-- Figures that all end before the first configured month leave a calendar of that month alone.
with ends as (
    select max(month) as last_month from {{ ref('int_sick_leave__months_delivered') }}
    union all
    select max(month) as last_month from {{ ref('stg_sick_leave__unit_months') }}
    union all
    select max(month) as last_month from {{ ref('stg_unit_metrics__values') }}
    {% for table in tables_followed_by_month() -%}
    union all
    select max({{ month_of(table.dated) }}) as last_month
    from {{ ref('stg_' ~ table.of ~ '__' ~ table.name) }}
    {% endfor -%}
    union all
    select max({{ month_from('year', 'period') }}) as last_month
    from {{ ref('stg_ledger__entries') }}
    where period between 1 and 12 and amount_type = 'accounts'
),

latest as (
    select max(last_month) as last_month from ends
),

chosen as (
    select
        {{ month_of('profile.first_month') }} as first_month,
        greatest(
            coalesce({{ month_of('profile.last_month') }}, latest.last_month),
            {{ month_of('profile.first_month') }}
        ) as last_month
    from {{ ref('stg_municipality__profile') }} as profile
    cross join latest
)

select
    first_month,
    last_month,
    {{ add_days(add_months('last_month', 1), -1) }} as last_day
from chosen
