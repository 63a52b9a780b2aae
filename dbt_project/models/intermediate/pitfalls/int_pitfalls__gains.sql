{{ config(materialized='view') }}
-- Pitfalls 1, 3, 5 and 6 as the gains show them. A value that is NULL says why in `reason`.
with judged as (
    select
        gains.*,
        {{ ratio('gains.realised_fte', 'gains.identified_fte') }} * 100e0
            < {{ pitfall_limit('plan_overdue', 'limit_2') }} as is_behind,
        greatest({{ days_between('gains.planned_date', 'units.as_of_date') }}, 0) as days_over
    from {{ ref('int_activity__units') }} as units
    inner join {{ ref('int_activity__gains') }} as gains
        on units.unit_id = gains.unit_id
),

sums as (
    select
        unit_id,
        count(*) as n_gains,
        count(planned_date) as n_planned,
        cast(max(case
            when planned_date is not null then case when is_behind then days_over else 0 end
        end) as double) as days_over,
        count(case
            when is_behind and days_over > {{ pitfall_limit('plan_overdue') }} then 1
        end) as n_over,
        min(case
            when is_behind and days_over > {{ pitfall_limit('plan_overdue') }} then planned_date
        end) as first_over,
        cast(max(n_slips) as double) as max_slips,
        count(case when n_slips > 0 then 1 end) as n_slipped,
        max(case when n_slips > 0 then last_slip_date end) as last_slip_date,
        100e0 * {{ ratio(
            exact_sum('identified_fte * share_saving'), exact_sum('identified_fte')
        ) }}
            as saving_pct,
        max(identified_date) as last_identified_date,
        count(case when is_realised then 1 end) as n_realised,
        cast(count(first_bare_date) as double) as n_bare,
        min(first_bare_date) as first_bare_date
    from judged
    group by unit_id
)

select
    units.unit_id,
    'plan_overdue' as signal_id,
    sums.days_over as value,
    sums.n_planned as n,
    sums.n_over as n_other,
    sums.first_over as figure_date,
    {{ add_days('sums.first_over', 91) }} as first_date,
    'no_plan' as reason
from {{ ref('int_activity__units') }} as units
left join sums
    on units.unit_id = sums.unit_id
{% for signal, value, n, n_other, figure_date, reason in [
    ('plan_slips', 'max_slips', 'n_planned', 'n_slipped', 'last_slip_date', 'no_plan'),
    ('saving_share', 'saving_pct', 'n_gains', 'null', 'last_identified_date', 'no_gains'),
    ('no_evidence', 'case when sums.n_realised > 0 then sums.n_bare end', 'n_realised', 'null',
     'first_bare_date', 'no_gains'),
] %}
union all
select
    units.unit_id,
    '{{ signal }}' as signal_id,
    {{ value }} as value,
    {{ n }} as n,
    {{ n_other }} as n_other,
    {{ figure_date }} as figure_date,
    {{ figure_date }} as first_date,
    '{{ reason }}' as reason
from {{ ref('int_activity__units') }} as units
left join sums
    on units.unit_id = sums.unit_id
{% endfor %}
