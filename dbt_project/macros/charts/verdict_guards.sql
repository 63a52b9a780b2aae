{# What autocorrelation costs, one row per series and phase: moving ranges of points that follow each
   other are too short, so sigma is widened, and longer runs are asked for.

   baselines: series_id, phase_no, sigma. correlations: from lag_one_autocorrelation. #}
{% macro verdict_guards(baselines, correlations) -%}
select
    series_id,
    phase_no,
    autocorrelation,
    rho,
    case when rho <= 0.2e0 then 0 when rho <= 0.4e0 then 2 else 4 end as extra_points,
    sigma / sqrt(1e0 - rho) as sigma_adjusted
from (
    select
        baselines.series_id,
        baselines.phase_no,
        baselines.sigma,
        correlations.autocorrelation,
        least(greatest(coalesce(correlations.autocorrelation, 0e0), 0e0), 0.8e0) as rho
    from {{ baselines }} as baselines
    left join {{ correlations }} as correlations
        on baselines.series_id = correlations.series_id
        and baselines.phase_no = correlations.phase_no
) as clipped
{%- endmacro %}
