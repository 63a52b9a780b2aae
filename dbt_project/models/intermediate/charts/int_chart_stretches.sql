-- Units that have not started, charted as if they had: two years as a baseline, four months left
-- out, two years after, for every year there is room. How far such a stretch moves, counted in its
-- own standard errors, is what a chart has to beat; how far its second year lies from its first is
-- what a usual year before a start looks like.
{% set settings = chart_settings() %}
{% set span, gap = settings.stretch_months, settings.stretch_gap_months %}
with months as (
    select
        pool.unit_id,
        pool.metric_id,
        pool.month_index,
        pool.numerator / coalesce(seasons.season_index, 1e0) as numerator,
        pool.denominator
    from {{ ref('int_chart_pool_months') }} as pool
    inner join {{ ref('stg_municipality__metrics') }} as metrics
        on pool.metric_id = metrics.metric_id
    left join {{ ref('int_chart_season_index') }} as seasons
        on seasons.pool_id = concat(pool.service_type, '/', pool.metric_id)
        and pool.month_no = seasons.month_no and metrics.is_seasonal
    where pool.denominator > 0 and metrics.chart in ('xmr', 'iprime')
),

points as (
    select
        concat(months.metric_id, '/', months.unit_id, '/', anchors.month) as series_id,
        cast(1 as integer) as phase_no,
        months.metric_id,
        months.month_index as seq,
        'iprime' as chart, 1e0 as scale,
        months.numerator,
        months.denominator,
        months.numerator / months.denominator as value,
        months.month_index < anchors.month_index as is_baseline,
        months.month_index < anchors.month_index - {{ span // 2 }} as is_first_year,
        months.month_index >= anchors.month_index + {{ gap }} as is_after
    from months
    inner join {{ ref('int_months') }} as anchors
        on months.month_index >= anchors.month_index - {{ span }}
        and months.month_index < anchors.month_index + {{ span + gap }}
        and anchors.month_no = 1
),

mean_ranges as (
    {{ mean_moving_range('(' ~ moving_ranges('points', settings) ~ ') as ranges', settings) }}
),

baselines as (
    {{ iprime_baseline('points', 'mean_ranges') }}
),

sums as (
    select
        series_id,
        metric_id,
        count(case when is_baseline then value end) as n_before,
        count(case when is_after then value end) as n_after,
        {% for name, condition in [
            ('first', 'is_first_year'), ('second', 'is_baseline and not is_first_year'),
            ('before', 'is_baseline'), ('after', 'is_after')] %}
        {% set weight = exact_sum('case when ' ~ condition ~ ' then denominator end') %}
        {{ weight }} as weight_{{ name }},
        {{ exact_sum('case when ' ~ condition ~ ' then numerator end') }} / nullif({{ weight }}, 0e0)
            as rate_{{ name }}{{ "," if not loop.last }}
        {% endfor %}
    from points
    group by series_id, metric_id
)

select
    sums.series_id,
    sums.metric_id,
    {% for name, earlier, later in [('drift', 'before', 'after'), ('bump', 'first', 'second')] %}
    abs(sums.rate_{{ later }} - sums.rate_{{ earlier }}) / (baselines.sigma
        * sqrt(1e0 / sums.weight_{{ earlier }} + 1e0 / sums.weight_{{ later }}))
        as {{ name }}_errors{{ "," if not loop.last }}
    {% endfor %}
from sums
inner join baselines
    on sums.series_id = baselines.series_id and baselines.sigma > 0
where sums.n_before >= {{ span * 3 // 4 }} and sums.n_after >= {{ span * 3 // 4 }}
