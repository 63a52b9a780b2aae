"""Great Expectations, imported late and in this place only: a frame and promises in, counts out.

Nothing of what a frame holds comes out again, only how many rows kept each promise. Which tables
are read is decided in ``gates``.
"""

import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.contracts.to_expectations import ExpectationSpec

if TYPE_CHECKING:
    import pandas as pd

# with 0 here no value of a bad row is kept; "exclude_unexpected_values" lets some through
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
_SPEC_NUMBER = "pukk_spec"
_once = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """How one promise was kept.

    Attributes:
        success: Whether it was kept.
        n_rows: Rows looked at.
        n_failed: Rows that broke it; for a promise about the row count, 0 or 1.
        was_run: False when the expectation could not be evaluated.
    """

    success: bool
    n_rows: int
    n_failed: int
    was_run: bool = True


class _Validated(Protocol):
    """What we read of Great Expectations' result of one expectation."""

    success: bool
    result: Mapping[str, Any]
    exception_info: Mapping[str, Any]


def warm_up() -> None:
    """Import Great Expectations, which takes seconds; safe to call from a thread."""
    _engine()


def validate(frame: "pd.DataFrame", specs: Sequence[ExpectationSpec]) -> list[Outcome]:
    """Check a frame against promises in one validation.

    Args:
        frame: Rows with every column the specs name.
        specs: What is promised.

    Returns:
        One outcome per spec, in their order.
    """
    gx, batch_definition = _engine()
    suite = gx.ExpectationSuite(
        name="suite", expectations=[_expectation(gx, i, spec) for i, spec in enumerate(specs)]
    )
    batch = batch_definition.get_batch({"dataframe": frame})
    validated = batch.validate(suite, result_format=RESULT_FORMAT)
    found = {
        int(result.expectation_config.meta[_SPEC_NUMBER]): _outcome(result, len(frame))
        for result in validated.results
    }
    return [found[i] for i in range(len(specs))]


def _engine() -> tuple[ModuleType, Any]:
    with _once:
        return _load()


@cache
def _load() -> tuple[ModuleType, Any]:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        # its own import uses modules that Python is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        import great_expectations.expectations
        from great_expectations.data_context.types.base import ProgressBarsConfig
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("table")
    return gx, asset.add_batch_definition_whole_dataframe("whole")


def _expectation(gx: ModuleType, number: int, spec: ExpectationSpec) -> object:
    name = "".join(part.capitalize() for part in spec.type.split("_"))
    kind = getattr(gx.expectations, name)
    # the order of results is not the order of expectations: each carries its number
    made: object = kind(**spec.kwargs, meta={**spec.meta, _SPEC_NUMBER: str(number)})
    return made


def _outcome(result: _Validated, n_rows: int) -> Outcome:
    # when a metric raised, its own report takes the place of this key
    if result.exception_info.get("raised_exception", True):
        return Outcome(success=False, n_rows=n_rows, n_failed=0, was_run=False)
    success = bool(result.success)
    failed = result.result.get("unexpected_count")
    # a promise about the table has no rows that break it
    n_failed = int(failed) if failed is not None else int(not success)
    return Outcome(success=success, n_rows=n_rows, n_failed=n_failed)
