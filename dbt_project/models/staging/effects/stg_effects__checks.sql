select
    metric_id,
    scale,
    innovation_sd,
    skewness,
    kurtosis,
    lag_1,
    lag_12,
    n_units,
    log_likelihood,
    failures
from {{ source('effects', 'mart_effect_checks') }}
