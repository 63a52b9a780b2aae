-- Operating budget rows with their version and the name of their line: what the row says of cost
-- centre, account, art, function, project and period, as far as every version says it.
{% set columns = ['cost_centre', 'account', 'art', 'function_code', 'project', 'period'] %}
with named as (
    select
        entries.*,
        coalesce(entries.unit_id, 'ikke_fordelt') as owner_id,
        versions.version,
        versions.version_no,
        versions.is_only_version,
        concat(
            {% for column in columns %}
            case when versions.has_{{ column }}
                then coalesce(cast(entries.{{ column }} as {{ type_text() }}), '') else '' end
            {{- ", '|'," if not loop.last }}
            {% endfor %}
        ) as line
    from {{ ref('stg_ledger__entries') }} as entries
    inner join {{ ref('int_ledger__versions') }} as versions
        on entries.year = versions.year
        and entries.amount_type = versions.amount_type
        and coalesce(
            entries.budget_version, cast(entries.decided_date as {{ type_text() }}), ''
        ) = versions.version
    where entries.account_class is null or entries.account_class = '1'
)

select
    named.*,
    version_no as first_version,
    version_no as last_version
from named
where is_only_version
union all
select
    named.*,
    min(version_no) over (partition by owner_id, year, amount_type, line) as first_version,
    max(version_no) over (partition by owner_id, year, amount_type, line) as last_version
from named
where not is_only_version
