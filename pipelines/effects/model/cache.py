"""Fits kept on disk by what they were made of: unchanged input fits nothing.

Only the parameters are kept; month effects follow from them and the panel in one solve.
"""

import hashlib
from dataclasses import asdict
from pathlib import Path

from pipelines.effects.model.fit import Fit, fit_panel, month_effects
from pipelines.effects.model.kept_files import made_by, read_kept, write_kept
from pipelines.effects.model.kernel import KernelParams
from pipelines.effects.model.panel import Panel

MODEL_VERSION = "pss-1"
_KEYS = frozenset({"params", "log_likelihood", "residual_sd"})


def panel_hash(panel: Panel) -> str:
    """SHA-256 of everything a fit depends on, with the model's version."""
    digest = hashlib.sha256(MODEL_VERSION.encode())
    digest.update("\n".join(panel.unit_ids).encode())
    digest.update(panel.first_month.isoformat().encode())
    digest.update(str(panel.values.shape).encode())
    for part in (panel.values, panel.employees, panel.start):
        digest.update(part.tobytes())
    if panel.noise is not None:
        digest.update(panel.noise.tobytes())
    return digest.hexdigest()


def fit_name(panel: Panel) -> str:
    """Name of the file that holds, or would hold, the panel's fit."""
    return f"{panel_hash(panel)}.{made_by('model/fit', 'model/kernel')}.json"


def cached_fit(folder: Path, panel: Panel) -> Fit:
    """Fit a panel, or take the fit of an identical panel from ``folder``.

    Args:
        folder: Where ``<hash>.json`` files are kept; made if missing.
        panel: Units x months.

    Raises:
        ValueError: The panel cannot be fitted, see :func:`pipelines.effects.model.fit.fit_panel`.
    """
    file = folder / fit_name(panel)
    kept = read_kept(file, _KEYS)
    if kept is None:
        fit = fit_panel(panel)
        content = {
            "model_version": MODEL_VERSION,
            "params": asdict(fit.params),
            "log_likelihood": fit.log_likelihood,
            "residual_sd": fit.residual_sd,
        }
        write_kept(file, content)
        return fit
    params = KernelParams(**kept["params"])
    mu, mu_covariance = month_effects(panel, params)
    return Fit(params, mu, mu_covariance, kept["log_likelihood"], kept["residual_sd"])


def is_kept(folder: Path, panel: Panel) -> bool:
    """Tell whether ``folder`` holds the fit of an identical panel."""
    return read_kept(folder / fit_name(panel), _KEYS) is not None
