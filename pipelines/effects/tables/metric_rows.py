"""One metric's finished rows, and their keeping by a hash of all that they are made from.

What spans metrics (q, verdicts, order, words) is added where the tables are made. Nothing is
estimated here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, cast

import polars as pl

from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kept_files import made_by, read_kept, write_kept
from pipelines.effects.model.rows import ModelledMetric

COUNTED = (
    "metric_id", "direction", "scale", "min_persons", "is_cost_linked", "log_if_skewed",
    "always_log", "counted_as",
)  # fmt: skip
"""Columns of ``EffectInputs.metrics`` that rows may depend on; what is estimated is given no other.

Labels, limits of relevance and the like are used when the tables are made.
"""


def counted(metric: Mapping[str, object]) -> ModelledMetric:
    """A row of ``EffectInputs.metrics`` reduced to :data:`COUNTED`; what is absent is None."""
    return cast("ModelledMetric", {name: metric.get(name) for name in COUNTED})


@dataclass(frozen=True)
class MetricRows:
    """What one metric gives to the tables: numbers, words and nothing else.

    Attributes:
        units: From :func:`pipelines.effects.tables.table.comparable_rows`.
        pooled: From :func:`pipelines.effects.tables.pooled_rows.pooled_rows`.
        check: Its row of the table of checks.
        telling: How effects of all units together are told (``Telling``'s fields), None without a
            model.
        estimates: What other methods said, as dictionaries; None where nothing was asked.
        files: Names of the kept files that the rows stand on.
    """

    units: list[dict[str, Any]]
    pooled: list[dict[str, Any]]
    check: dict[str, Any]
    telling: dict[str, Any] | None
    estimates: list[dict[str, Any]] | None
    files: list[str]

    @classmethod
    def kept(cls, file: Path) -> Self | None:
        """Rows kept in a file, None if it is not there or not as it was written."""
        content = read_kept(file, cls.__dataclass_fields__.keys())
        return None if content is None else cls(**content)

    def keep(self, file: Path) -> Self:
        """Write the rows to a file and return them as they will be read."""
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return type(self)(**write_kept(file, content))


def rows_name(inputs: EffectInputs, metric: ModelledMetric) -> str:
    """Name of the file that keeps, or would keep, a metric's rows.

    Args:
        inputs: From :meth:`EffectInputs.about`: in one order whatever order they came in.
        metric: From :func:`counted`.
    """
    about = {
        "metric": metric,
        "rules": asdict(inputs.rules),
        "is_unmodelled": metric["metric_id"] in inputs.unmodelled,
    }
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for frame in (inputs.values, inputs.units, inputs.events, inputs.registered):
        digest.update(_text(frame).encode())
    return f"{digest.hexdigest()}.{made_by()}.rows"


def _text(frame: pl.DataFrame) -> str:
    """A frame as text that tells every value apart, numbers to the last bit."""
    return frame.select(sorted(frame.columns)).write_csv()
