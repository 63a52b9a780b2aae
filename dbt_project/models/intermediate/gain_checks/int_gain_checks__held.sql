{{ config(materialized='view') }}
-- What each realised gain is held against, and what that says: a saving against its budget, any other
-- against the metric it names. One that names none and is no cash: the unit's own metric of volume (per
-- FTE first), else waiting time, else quality, never by how it went; cash without a saving: paid FTE.
with headlines as (
    select
        figures.cycle_id,
        figures.metric_id,
        figures.basis,
        codes.verdict_class,
        row_number() over (
            partition by figures.cycle_id, coalesce(metrics.gain_type, '') in ('quantity', 'quality')
            order by
                case
                    when metrics.gain_type = 'quantity' and metrics.metric_id in (
                        select per_fte.metric_id
                        from {{ ref('stg_municipality__metric_measures') }} as per_fte
                        where per_fte.role = 'denominator'
                            and per_fte.measure_id in ('agreed_fte', 'paid_fte')
                    ) then 0
                    when metrics.gain_type = 'quantity' then 1
                    when metrics.unit = 'days' then 2
                    else 3
                end,
                figures.metric_order
        ) as place,
        coalesce(metrics.gain_type, '') in ('quantity', 'quality') as is_service
    from {{ ref('int_headline_figures') }} as figures
    inner join {{ ref('headlines') }} as codes
        on figures.headline = codes.headline
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on figures.metric_id = metrics.metric_id
),

gains as (
    select
        register.gain_id,
        register.cycle_id,
        delivered.metric_id is not null as is_metric_named,
        coalesce(
            delivered.metric_id,
            case when coalesce(register.gain_kind, '') <> 'cash' then own.metric_id end
        ) as metric_id,
        register.gain_kind,
        savings.saving_status,
        checks.status as check_status
    from {{ ref('int_gains__register') }} as register
    inner join {{ ref('stg_lean__gains') }} as delivered
        on register.gain_id = delivered.gain_id
    left join headlines as own
        on register.cycle_id = own.cycle_id and own.is_service and own.place = 1
    left join {{ ref('int_gains__savings') }} as savings
        on register.gain_id = savings.gain_id
    left join {{ ref('int_gain_checks__judged') }} as checks
        on checks.scope_type = 'cycle' and register.cycle_id = checks.scope_id
    where register.realised_fte > 0 and register.status <> 'dropped'
)

select
    gains.gain_id,
    case
        when gains.saving_status is not null then 'budget'
        when gains.metric_id is not null and gains.is_metric_named then 'metric'
        when gains.metric_id is not null then 'own_metric'
        when gains.gain_kind = 'cash' then 'paid_fte'
        else 'nothing'
    end as held_against,
    case when gains.saving_status is null then gains.metric_id end as held_metric_id,
    case
        when gains.saving_status is not null then gains.saving_status
        when gains.metric_id is null and coalesce(gains.gain_kind, '') <> 'cash' then 'nothing'
        when gains.metric_id is null then {{ seen_in_paid_fte('gains.check_status') }}
        when coalesce(headlines.basis, 'none') = 'none' then 'not_judged'
        when headlines.verdict_class = 'better' and headlines.basis = 'chart' then 'association'
        when headlines.verdict_class = 'better' then 'seen'
        else headlines.verdict_class
    end as held_status
from gains
left join headlines
    on gains.cycle_id = headlines.cycle_id and gains.metric_id = headlines.metric_id
