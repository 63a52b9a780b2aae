-- Metric months on three levels: unit, sector, municipality. Sums first, division last, over what the
-- units count as, where any has figures. Persons are added so that nobody counts twice; contributors
-- are reduced by the persons who could have been counted twice, a lower bound.
with units as (
    select * from {{ ref('int_counted_unit_months') }}
),

totals as (
    {% for level, group_id, sector in [
        ('sector', 'sector', 'sector'), ('municipality', "'all'", "'all'")
    ] %}
    select
        '{{ level }}' as level,
        {{ group_id }} as group_id,
        {{ sector }} as sector,
        metric_id,
        month,
        max(scale) as scale,
        {% set any_figures = "max(case when has_data then 1 else 0 end) = 1" %}
        {% for column in ['numerator', 'denominator'] %}
        case when {{ any_figures }} then
            sum(case when is_counted then cast({{ column }} as decimal(38, 9)) end)
        end as {{ column }},
        {% endfor %}
        sum(case when is_counted then n_persons_once end) as n_persons_once,
        sum(case when is_counted then n_contributors end) - sum(
            case when is_counted then n_persons - n_persons_once else 0 end
        ) as n_contributors,
        sum(case when is_counted then n_contributors end) as n_contributors_sum,
        min(case when missing_reason <> 'no_data' then missing_reason end) as gap_reason
    from units
    group by 1, 2, 3, 4, 5
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

reasoned as (
    {{ reasoned_cells('totals') }}
)

select
    'unit' as level,
    unit_id as group_id,
    sector,
    metric_id,
    month,
    scale,
    numerator,
    denominator,
    value,
    has_data,
    missing_reason,
    n_persons,
    n_persons_once,
    n_contributors
from {{ ref('int_metric_months') }}
union all
select
    level,
    group_id,
    sector,
    metric_id,
    month,
    scale,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    case when missing_reason is null then quotient end as value,
    {{ has_figures('missing_reason') }} as has_data,
    missing_reason,
    cast(n_persons_once as integer) as n_persons,
    cast(n_persons_once as integer) as n_persons_once,
    cast(case
        when n_contributors_sum > 0 then greatest(n_contributors, 1) else n_contributors_sum
    end as integer) as n_contributors
from reasoned
