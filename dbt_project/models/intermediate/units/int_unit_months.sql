-- The spine: every unit in every month it exists.
select
    units.unit_id,
    units.sector,
    units.service_type,
    months.month,
    months.month_index
from {{ ref('stg_organisation__units') }} as units
inner join {{ ref('int_months') }} as months
    on (units.valid_from is null or units.valid_from <= months.last_day)
    and (units.valid_to is null or units.valid_to >= months.month)
