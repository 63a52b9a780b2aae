"""The models' own promises, held over the warehouse as it stands, and kept when they are broken.

Which they are is in ``model_tests``; when they are held, in ``quality`` and ``transform``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.defs.context import RunContext
from pipelines.defs.lock import warehouse
from pipelines.defs.manifest import read_manifest
from pipelines.defs.model_tests import ModelTest, compiled_tests, model_tests, with_queries
from pipelines.quality.model_checks import BrokenNode, as_broken, record_model_checks
from pipelines.quality.model_promises import JudgedPromise, judge_models

# by run: the promises that were found kept, so that publishing asks for no more than is left
_held: dict[str, set[str]] = {}


def judge(ctx: RunContext, tests: Iterable[ModelTest], run_id: str) -> list[JudgedPromise]:
    """Hold promises over the models, and keep what is broken in the history.

    Args:
        ctx: The run's context.
        tests: What is promised of models that are computed.
        run_id: The run.
    """
    promises = with_queries(tests, compiled_tests(ctx.paths))
    with warehouse(ctx.paths) as con:
        judged = judge_models(con, promises)
    _held.setdefault(run_id, set()).update(one.promise.name for one in judged if not one.stops)
    broken = [as_broken(one) for one in judged if one.stops]
    if broken:
        record(ctx, broken, run_id)
    return judged


def judge_the_rest(ctx: RunContext, run_id: str) -> int:
    """Hold every promise over the models that this run has not yet found kept.

    Args:
        ctx: The run's context.
        run_id: The run.

    Returns:
        How many that stop are broken.
    """
    held = _held.get(run_id, set())
    tests = model_tests(read_manifest(ctx.paths), ctx.products)
    left = [test for test in tests if test.name not in held]
    return sum(one.stops for one in judge(ctx, left, run_id)) if left else 0


def what_is_broken(ctx: RunContext, manifest: Mapping[str, Any]) -> list[BrokenNode]:
    """Return which promises do not hold of the models that stand, when others could not be made.

    A model that fails may fail for what another should have kept.

    Args:
        ctx: The run's context.
        manifest: dbt's manifest.
    """
    promises = with_queries(model_tests(manifest, ctx.products), compiled_tests(ctx.paths))
    with warehouse(ctx.paths) as con:
        judged = judge_models(con, promises)
    # what cannot be counted reads a model that is not there
    return [as_broken(one) for one in judged if one.stops and one.n_failed is not None]


def record(ctx: RunContext, broken: Sequence[BrokenNode], run_id: str) -> None:
    """Keep what is broken of the models in the history of the run."""
    with warehouse(ctx.paths) as con:
        record_model_checks(con, broken, ctx.products, run_id, datetime.now(UTC))
