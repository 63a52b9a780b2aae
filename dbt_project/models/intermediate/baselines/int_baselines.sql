-- What every baseline said when it was frozen: kept from that night, or, for one that is frozen
-- tonight, as computed now. What was frozen of figures hidden since is not repeated.
with seasons as (
    select
        pool_id,
        md5({{ text_list("concat(cast(month_no + 10 as " ~ type_text() ~ "), '=', "
            ~ "cast(round(season_index, 9) as " ~ type_text() ~ "))") }}) as season_hash
    from {{ ref('int_chart_season_index') }}
    group by pool_id
),

tonight as (
    select
        sums.baseline_id,
        sums.frozen_first_month as first_month,
        sums.frozen_last_month as last_month,
        cast(sums.frozen_n_months as integer) as n_months,
        cast(sums.frozen_numerator as double) as numerator,
        cast(sums.frozen_denominator as double) as denominator,
        sums.frozen_value as value,
        summary.chart,
        summary.centre,
        summary.sigma,
        summary.is_screened,
        summary.limit_label,
        verdicts.autocorrelation,
        summary.season_method,
        case when summary.season_method = 'index' then seasons.season_hash end as season_hash,
        sums.delivery_ids,
        data_range.last_month as frozen_as_of,
        sums.baseline_hash
    from {{ ref('int_baseline_sums') }} as sums
    cross join {{ ref('int_data_range') }} as data_range
    left join {{ ref('int_chart_summaries') }} as summary
        on sums.cycle_id = summary.cycle_id and sums.metric_id = summary.metric_id
        and summary.series = 'value'
    left join {{ ref('int_chart_verdicts') }} as verdicts
        on summary.series_id = verdicts.series_id
    left join {{ ref('stg_organisation__units') }} as units
        on sums.unit_id = units.unit_id
    left join seasons
        on seasons.pool_id = concat(units.service_type, '/', sums.metric_id)
)

{% set kept_columns = ['first_month', 'last_month', 'chart', 'is_screened', 'limit_label',
    'season_method', 'season_hash', 'delivery_ids', 'frozen_as_of'] %}
{% set figures = ['n_months', 'numerator', 'denominator', 'value', 'centre', 'sigma',
    'autocorrelation', 'baseline_hash'] %}
select
    keys.baseline_id,
    keys.cycle_id,
    keys.unit_id,
    keys.metric_id,
    keys.corrected_by,
    keys.is_kept,
    sums.is_hidden_since,
    {% for column in kept_columns %}
    case when keys.is_kept then kept.{{ column }} else tonight.{{ column }} end as {{ column }},
    {% endfor %}
    {% for column in figures %}
    case
        when sums.is_hidden_since then null
        when keys.is_kept then kept.{{ column }}
        else tonight.{{ column }}
    end as {{ column }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref('int_baseline_keys') }} as keys
inner join {{ ref('int_baseline_sums') }} as sums
    on keys.baseline_id = sums.baseline_id
inner join tonight
    on keys.baseline_id = tonight.baseline_id
left join {{ ref('stg_ops__frozen_baselines') }} as kept
    on keys.baseline_id = kept.baseline_id
