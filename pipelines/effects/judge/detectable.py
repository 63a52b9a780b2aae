"""The smallest effect that a series could have shown, under the test it is held to.

Apart from ``rule``, which is read every night: quantiles load scipy, and a night without new
figures loads nothing that estimates.
"""

from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.student import quantile

_POWER = 0.80


def detectable(
    standard_error: float, df: float, rules: Rules, *, n_screened: int | None = None
) -> float:
    """Smallest true effect that the rule would find in 80 of 100 repetitions (MDE80).

    Args:
        standard_error: Of the effect.
        df: Degrees of freedom of its t.
        rules: Largest p and q of a finding.
        n_screened: Screened series of the metric: the first found among n needs p <= max_q / n.
            None for a registered target, which is a test by itself.
    """
    needed = 1 - rules.max_p / 2
    if n_screened is not None:
        needed = max(needed, 1 - rules.max_q / 2 / max(n_screened, 1))
    return (quantile(needed, df) + quantile(_POWER, df)) * standard_error
