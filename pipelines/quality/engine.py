"""Great Expectations, imported late and in this place only: promises and counts in, verdicts out.

Which process that is, is decided in ``beside``.

Each promise is an expectation of Great Expectations, and its own ``_validate`` (the method every
expectation has) judges it and makes the record. Its metrics are what ``scan`` has counted in the
warehouse; a property test holds that Great Expectations' own counting on a frame gives the same.
So no row is ever held here.
"""

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from pipelines.contracts.to_expectations import ExpectationSpec
from pipelines.quality.scan import Counted
from pipelines.settings import tell_libraries

# the metrics hold no value of a row, and none is asked for
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
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


def warm_up() -> None:
    """Import Great Expectations, which takes seconds; safe to call from a thread."""
    _engine()


def judge_here(promises: Sequence[tuple[ExpectationSpec, Counted]]) -> list[Outcome]:
    """Let Great Expectations judge promises by what was counted, in this process.

    Args:
        promises: What is promised, and what was found.

    Returns:
        One outcome per promise, in their order.
    """
    kinds = _engine()
    return [
        Outcome(success=False, n_rows=counted.n_rows, n_failed=0, was_run=False)
        if counted.n_failed is None
        else _outcome(_record(kinds, spec, counted.n_rows, counted.n_failed), counted.n_rows)
        for spec, counted in promises
    ]


def _engine() -> ModuleType:
    with _once:
        return _load()


@cache
def _load() -> ModuleType:
    tell_libraries("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        # its own import uses modules that Python is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        from great_expectations import expectations
    kinds: ModuleType = expectations
    return kinds


def _record(kinds: ModuleType, spec: ExpectationSpec, n_rows: int, n_failed: int) -> Any:  # noqa: ANN401 - untyped there
    """Return Great Expectations' result of one expectation."""
    name = "".join(part.capitalize() for part in spec.type.split("_"))
    expectation = getattr(kinds, name)(**spec.kwargs, meta=dict(spec.meta))
    # a row that the promise has no say about keeps it: none is left out of those looked at
    metrics = {"table.row_count": n_rows, "column_values.nonnull.unexpected_count": 0}
    counted_by = getattr(expectation, "map_metric", None)
    if counted_by is not None:
        metrics[f"{counted_by}.filtered_row_count"] = n_rows
        metrics[f"{counted_by}.unexpected_count"] = n_failed
    judged = expectation._validate(metrics, {"result_format": dict(RESULT_FORMAT)})
    return expectation._build_evr(judged)


def _outcome(record: Any, n_rows: int) -> Outcome:  # noqa: ANN401 - untyped there
    success = bool(record.success)
    failed = record.result.get("unexpected_count")
    # a promise about the table has no rows that break it
    n_failed = int(failed) if failed is not None else int(not success)
    return Outcome(success=success, n_rows=n_rows, n_failed=n_failed)
