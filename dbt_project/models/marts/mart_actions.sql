-- Improvement actions per unit and year of registration: how many, how many are done, and how long the
-- middle one took. What the actions say is never published.
select
    actions.unit_id,
    units.unit_name,
    units.sector,
    actions.year,
    cast(count(*) as integer) as n_actions,
    cast(count(actions.done_date) as integer) as n_done,
    100e0 * {{ ratio('count(actions.done_date)', 'count(*)') }} as done_pct,
    cast(median(actions.lead_days) as double) as median_lead_days,
    {% for step in ['plan', 'do', 'check', 'act'] %}
    cast(count(case when actions.pukk_step = '{{ step }}' then 1 end) as integer) as n_{{ step }}
        {{- "," if not loop.last }}
    {% endfor %}
from {{ ref('int_activity__actions') }} as actions
inner join {{ ref('dim_units') }} as units
    on actions.unit_id = units.unit_id
group by actions.unit_id, units.unit_name, units.sector, actions.year
order by actions.unit_id, actions.year
