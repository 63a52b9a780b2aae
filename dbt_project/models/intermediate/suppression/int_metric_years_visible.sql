-- What anyone outside may know per calendar year, unrounded: every level of what units show per year,
-- groups of what counts persons, hidden cells NULL with the reason. A unit that changed sector in the
-- year was in none of them for a whole year. A sector whose months are hidden shows the year that the
-- years of all its units add up to.
with reasons as (
    select level, group_id, sector, metric_id, year, cell_id, step_id, reason
    from {{ ref('int_suppression__year_reasons') }}
    union all
    select level, group_id, sector, metric_id, year, null, null, reason
    from {{ ref('int_suppression__count_years') }}
),

judged as (
    select
        years.*,
        case
            when reasons.reason is not null then reasons.reason
            when hidden.is_primary then 'split_sibling'
            else hidden.reason
        end as suppression_reason
    from {{ ref('int_metric_years') }} as years
    inner join reasons
        on years.level = reasons.level and years.group_id = reasons.group_id
        and years.sector = reasons.sector and years.metric_id = reasons.metric_id
        and years.year = reasons.year
    left join {{ ref('int_suppression__years') }} as hidden
        on reasons.level = hidden.level and reasons.cell_id = hidden.group_id
        and reasons.step_id = hidden.family_id and reasons.year = hidden.year
),

reasoned as (
    select
        judged.*,
        case
            when judged.level = 'sector' and judged.suppression_reason = 'months_hidden'
                and units.n_hidden = 0 then null
            else judged.suppression_reason
        end as final_reason
    from judged
    left join (
        select sector, metric_id, year, count(suppression_reason) as n_hidden
        from judged
        where level = 'unit'
        group by sector, metric_id, year
    ) as units
        on judged.sector = units.sector and judged.metric_id = units.metric_id
        and judged.year = units.year
)

select
    level,
    group_id,
    max(sector) as sector,
    metric_id,
    year,
    max(scale) as scale,
    cast(sum(n_months) as integer) as n_months,
    max(n_persons) as n_persons,
    {% set is_shown = 'max(final_reason) is null' %}
    {% for column in ['numerator', 'denominator'] %}
    case when {{ is_shown }} then max({{ column }}) end as {{ column }},
    {% endfor %}
    case when {{ is_shown }} then max(scale) * {{ ratio('max(numerator)', 'max(denominator)') }} end
        as value,
    max(final_reason) as suppression_reason,
    case
        when not {{ is_shown }} or max(denominator) > 0 then null
        when max(denominator) = 0 then 'zero_denominator'
        else 'negative_denominator'
    end as missing_reason
from reasoned
group by level, group_id, metric_id, year
