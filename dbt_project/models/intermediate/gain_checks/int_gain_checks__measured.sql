-- What is measured per scope. A cycle has its unit's own effect; a group has the pooled effect, in FTE
-- of the units it was pooled over, beside what those same units had realised in the same months.
with pooled as (
    select
        pooled.group_id,
        case pooled.group_type when 'all' then 'municipality' else pooled.group_type end
            as scope_type,
        pooled.effect_unit,
        pooled.n_units,
        case when metrics.is_gain_measure then 'paid' else 'leave' end as what,
        pooled.estimate,
        pooled.lo,
        pooled.hi
    from {{ ref('stg_effects__pooled') }} as pooled
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on pooled.metric_id = metrics.metric_id
        and (metrics.is_gain_measure or metrics.metric_id = 'sick_leave_pct')
    where pooled.kind = 'window' and pooled.first_month_after = 0 and pooled.last_month_after = 23
),

members as (
    select
        members.scope_type,
        members.scope_id,
        count(case when effects.is_pooled then 1 end) as n_units_measured,
        {{ exact_sum('case when effects.is_pooled then effects.paid_fte_before end') }} as paid_fte_before,
        {{ exact_sum('case when effects.is_pooled then effects.paid_fte_after end') }} as paid_fte_after,
        {{ exact_sum('case when effects.is_pooled then effects.realised_compared_fte end') }}
            as realised_compared_fte,
        {{ exact_sum('case when effects.is_leave_pooled then effects.paid_fte_after end') }}
            as leave_fte
    from {{ ref('int_gain_checks__members') }} as members
    inner join {{ ref('int_gain_checks__effects') }} as effects
        on members.unit_id = effects.unit_id and members.is_first_start
    where members.scope_type <> 'cycle'
    group by members.scope_type, members.scope_id
)

select
    members.scope_type,
    members.scope_id,
    cast(null as {{ type_text() }}) as verdict,
    cast(null as {{ type_text() }}) as reason,
    coalesce(paid.n_units = members.n_units_measured, false) as is_judged,
    members.n_units_measured,
    members.paid_fte_before,
    members.paid_fte_after,
    members.realised_compared_fte,
    {% for place, bound in [('fte', 'estimate'), ('lo', 'lo'), ('hi', 'hi')] %}
    case when paid.effect_unit = 'percent' and paid.n_units = members.n_units_measured then
        {{ effect_in_fte('paid.' ~ bound, 'members.paid_fte_after', 'paid.effect_unit') }}
    end as measured_{{ place }},
    {% endfor %}
    {% for place, bound in [('fte', 'estimate'), ('lo', 'hi'), ('hi', 'lo')] %}
    case when leave.effect_unit = 'raw' then -leave.{{ bound }} / 100e0 * members.leave_fte end
        as capacity_{{ place }}{{ "," if not loop.last }}
    {% endfor %}
from members
left join pooled as paid
    on members.scope_type = paid.scope_type and members.scope_id = paid.group_id
    and paid.what = 'paid'
left join pooled as leave
    on members.scope_type = leave.scope_type and members.scope_id = leave.group_id
    and leave.what = 'leave'
union all
select
    members.scope_type, members.scope_id, effects.verdict, effects.reason, effects.is_judged,
    case when effects.is_judged then 1 else 0 end, effects.paid_fte_before,
    effects.paid_fte_after, effects.realised_compared_fte, effects.measured_fte,
    effects.measured_lo, effects.measured_hi, effects.capacity_fte, effects.capacity_lo,
    effects.capacity_hi
from {{ ref('int_gain_checks__members') }} as members
inner join {{ ref('int_gain_checks__effects') }} as effects
    on members.unit_id = effects.unit_id and members.is_first_start
where members.scope_type = 'cycle'
