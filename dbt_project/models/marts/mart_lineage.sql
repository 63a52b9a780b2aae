-- Which delivered tables each metric is made from, as met in the figures themselves.
select distinct
    parts.metric_id,
    measures.source as source_table,
    parts.measure_id
from {{ ref('stg_municipality__metric_measures') }} as parts
inner join {{ ref('int_measures_unioned') }} as measures
    on parts.measure_id = measures.measure_id
