"""Fits kept on disk by what they were made of: unchanged input fits nothing.

Only the parameters are kept; month effects follow from them and the panel in one solve.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from pipelines.effects.fit import Fit, fit_panel, month_effects
from pipelines.effects.kernel import KernelParams
from pipelines.effects.panel import Panel

MODEL_VERSION = "pss-1"


def panel_hash(panel: Panel) -> str:
    """SHA-256 of everything a fit depends on, with the model's version."""
    digest = hashlib.sha256(MODEL_VERSION.encode())
    digest.update("\n".join(panel.unit_ids).encode())
    digest.update(panel.first_month.isoformat().encode())
    digest.update(str(panel.values.shape).encode())
    for part in (panel.values, panel.employees, panel.start):
        digest.update(part.tobytes())
    return digest.hexdigest()


def cached_fit(folder: Path, panel: Panel) -> Fit:
    """Fit a panel, or take the fit of an identical panel from ``folder``.

    Args:
        folder: Where ``<hash>.json`` files are kept; made if missing.
        panel: Units x months.

    Raises:
        ValueError: The panel cannot be fitted, see :func:`pipelines.effects.fit.fit_panel`.
    """
    file = folder / f"{panel_hash(panel)}.json"
    kept = _read(file)
    if kept is None:
        fit = fit_panel(panel)
        _write(file, fit)
        return fit
    params = KernelParams(**kept["params"])
    mu, mu_covariance = month_effects(panel, params)
    return Fit(params, mu, mu_covariance, kept["log_likelihood"], kept["residual_sd"])


def is_kept(folder: Path, panel: Panel) -> bool:
    """Tell whether ``folder`` holds the fit of an identical panel."""
    return _read(folder / f"{panel_hash(panel)}.json") is not None


def _read(file: Path) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        complete = kept.keys() >= {"params", "log_likelihood", "residual_sd"}
    except (OSError, ValueError, AttributeError):
        return None  # not there, or cut off while it was written: fit again
    return kept if complete else None


def _write(file: Path, fit: Fit) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "model_version": MODEL_VERSION,
        "params": asdict(fit.params),
        "log_likelihood": fit.log_likelihood,
        "residual_sd": fit.residual_sd,
    }
    with NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
        json.dump(content, new)
    Path(new.name).replace(file)
