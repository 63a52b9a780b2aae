"""What is promised of the models, as asset checks beside the gates' own.

Early promises are held right after dbt's first step, before anything reads what it made; those of
the models after the effects with gate 2. Which they are is in ``model_tests``.
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from pipelines.defs.context import RunContext, tell
from pipelines.defs.manifest import read_manifest
from pipelines.defs.model_tests import ModelTest, model_tests
from pipelines.defs.models_judged import judge
from pipelines.defs.transform import model_keys
from pipelines.quality.model_promises import JudgedPromise
from pipelines.words.messages import say

Tests = Mapping[tuple[str, ...], Sequence[ModelTest]]
_EARLY = "model_promises"
_LATE = "model_promises_after_effects"
_PROMISED = say("defs.model_checks.models_hold_promises")


def tests_by_asset(ctx: RunContext) -> tuple[Tests, Tests]:
    """Return what is promised of the models before and after the effects, by their assets."""
    keys = model_keys(ctx)
    early: dict[tuple[str, ...], list[ModelTest]] = {}
    late: dict[tuple[str, ...], list[ModelTest]] = {}
    for test in model_tests(read_manifest(ctx.paths), ctx.products):
        of = late if test.is_late else early
        of.setdefault(tuple(keys[test.asset].path), []).append(test)
    return early, late


def build_model_promises(tests: Tests) -> dg.AssetChecksDefinition:
    """Return the checks of what is promised of the models that the effects and later steps read.

    Args:
        tests: What is promised, by asset.
    """
    specs = _specs(_EARLY, tests, blocking=True)

    @dg.multi_asset_check(specs=specs, name=_EARLY, can_subset=True)
    def check(
        context: dg.AssetCheckExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.AssetCheckResult]:
        tell(say("defs.model_checks.checking_what_is_computed"))
        yield from _hold(context, run_context, _EARLY, tests)

    return check


def late_specs(tests: Tests) -> list[dg.AssetCheckSpec]:
    """Return the checks of what is promised of the models after the effects.

    Nothing but publishing comes after them, and that waits for gate 2, of which they are a part.

    Args:
        tests: What is promised, by asset.
    """
    return _specs(_LATE, tests, blocking=False)


def hold_late_promises(
    context: dg.AssetCheckExecutionContext, run_context: RunContext, tests: Tests
) -> Iterator[dg.AssetCheckResult]:
    """Judge the promises of the chosen models after the effects.

    Args:
        context: What is checked in the run.
        run_context: The run's context.
        tests: What is promised, by asset.

    Raises:
        Failure: A promise that stops the run is broken.
    """
    return _hold(context, run_context, _LATE, tests)


def _specs(name: str, tests: Tests, *, blocking: bool) -> list[dg.AssetCheckSpec]:
    # one check per asset that lists its promises: an event for each costs more than its query
    return [
        dg.AssetCheckSpec(name, asset=list(key), blocking=blocking, description=_PROMISED)
        for key in tests
    ]


def _hold(
    context: dg.AssetCheckExecutionContext, run_context: RunContext, name: str, tests: Tests
) -> Iterator[dg.AssetCheckResult]:
    chosen = {
        tuple(key.asset_key.path) for key in context.selected_asset_check_keys if key.name == name
    }
    mine = {key: own for key, own in tests.items() if key in chosen}
    if not mine:
        return
    every = [test for own in mine.values() for test in own]
    judged = {one.promise.name: one for one in judge(run_context, every, context.run.run_id)}
    for key, own in mine.items():
        yield _as_result(name, list(key), [judged[test.name] for test in own])
    broken = sorted({one.promise.table for one in judged.values() if one.stops})
    if broken:
        raise dg.Failure(f"{_PROMISED} Brutt i: {', '.join(broken)}.")


def _as_result(name: str, key: list[str], judged: Sequence[JudgedPromise]) -> dg.AssetCheckResult:
    broken = [one for one in judged if not one.success]
    stops = any(one.stops for one in broken)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        metadata={
            "checks": len(judged),
            "found": {one.promise.name: one.n_failed for one in judged},
            "failed": [one.promise.promised_nb for one in broken if one.stops],
            "warnings": [one.promise.promised_nb for one in broken if not one.stops],
        },
    )
