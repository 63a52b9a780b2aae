-- Arts outside their years of validity: told, not stopped, because the list is not complete.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_ledger__entries'}}}) }}
select
    entries.art,
    entries.year,
    count(*) as n_rows
from {{ ref('int_ledger__entries') }} as entries
inner join {{ ref('kostra_codes') }} as codes
    on entries.art = codes.code and codes.code_type = 'art'
where entries.year < codes.valid_from_year or entries.year > codes.valid_to_year
group by entries.art, entries.year
