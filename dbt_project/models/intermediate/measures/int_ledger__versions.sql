-- The versions of each year's budgets in the order they were decided: by date when every version that
-- has a name has one, else by the numbers in the name, never as text. Lines without name and date are
-- the first version. Where two cannot be told apart so, `is_order_unknown`.
-- `has_` says which columns name a line in every version of that budget.
{% set columns = ['cost_centre', 'account', 'art', 'function_code', 'project', 'period'] %}
with named as (
    select
        year,
        amount_type,
        coalesce(budget_version, cast(decided_date as {{ type_text() }}), '') as version,
        max(decided_date) as decided_date,
        max(budget_version) as budget_version,
        {% for column in columns %}
        max(case when {{ column }} is null then 0 else 1 end) as has_{{ column }}
        {{- "," if not loop.last }}
        {% endfor %}
    from {{ ref('stg_ledger__entries') }}
    where amount_type <> 'accounts'
    group by 1, 2, 3
),

dated as (
    select
        named.*,
        {{ version_order('budget_version') }} as version_order,
        count(case when version <> '' and decided_date is null then 1 end) over (
            partition by year, amount_type
        ) = 0 as all_dated
    from named
)

select
    year,
    amount_type,
    version,
    decided_date,
    cast(row_number() over (
        partition by year, amount_type
        order by
            case when version = '' then 0 else 1 end asc,
            case when all_dated then decided_date end asc nulls first,
            version_order asc nulls first,
            decided_date asc nulls first,
            version asc
    ) as integer) as version_no,
    count(*) over (
        partition by
            year, amount_type, case when version = '' then 0 else 1 end, version_order, decided_date
    ) > 1 as is_order_unknown,
    count(*) over (partition by year, amount_type) = 1 as is_only_version,
    {% for column in columns %}
    min(has_{{ column }}) over (partition by year, amount_type) = 1 as has_{{ column }}
    {{- "," if not loop.last }}
    {% endfor %}
from dated
