"""Both gates as blocking asset checks: Great Expectations on what comes in and what goes out.

What is promised of the models between them is in ``model_checks``.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

import dagster as dg

from pipelines.contracts.model import Contract
from pipelines.defs.context import RunContext, tell
from pipelines.defs.effects import published_keys, read_by_effects
from pipelines.defs.lock import warehouse
from pipelines.defs.model_checks import (
    Tests,
    build_model_promises,
    hold_late_promises,
    late_specs,
    tests_by_asset,
)
from pipelines.defs.models_judged import judge_the_rest
from pipelines.defs.transform import read_after_effects
from pipelines.errors import GateError
from pipelines.ingest.inbox import present_sha256
from pipelines.publishing.catalogue import write_catalogue
from pipelines.publishing.edition_changes import write_changes
from pipelines.publishing.sentences import write_sentences
from pipelines.quality import beside
from pipelines.quality.gates import Gate, GateResult, run_gate
from pipelines.quality.report import report_file
from pipelines.quality.results import STOPS, keep_results
from pipelines.words.messages import say


def build_gates(ctx: RunContext) -> list[dg.AssetChecksDefinition]:
    """Return the inbound gate, what is promised of the models before the effects, and gate 2.

    What is promised of the models after the effects is held with gate 2, which nothing passes.
    """
    inbound = [[c.id, t] for c in ctx.sources.values() for t in c.tables] + [["ops", "deliveries"]]
    outbound = [list(key.path) for key in published_keys(ctx)]
    between = {tuple(key.path) for key in read_after_effects(ctx) | read_by_effects(ctx)}
    early, late = tests_by_asset(ctx)
    return [
        _gate("inbound", "gate_1_inbound", say("defs.quality.delivered_holds_contract"), inbound),
        build_model_promises(early),
        _gate(
            "outbound",
            "gate_2_outbound",
            say("defs.quality.published_holds_promise"),
            outbound,
            between,
            late,
        ),
    ]


def _gate(  # noqa: PLR0913 - what is judged, in what words, and what comes between
    gate: Gate,
    name: str,
    description: str,
    assets: Sequence[Sequence[str]],
    between: Collection[tuple[str, ...]] = (),
    late: Tests = MappingProxyType({}),
) -> dg.AssetChecksDefinition:
    # what the effects and the later dbt step read cannot wait for a gate after them; the gate
    # itself fails when one of those does not hold, so nothing is published either way
    specs = [
        dg.AssetCheckSpec(
            name, asset=list(key), blocking=tuple(key) not in between, description=description
        )
        for key in assets
    ] + late_specs(late)

    @dg.multi_asset_check(specs=specs, name=name, can_subset=True)
    def check(
        context: dg.AssetCheckExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.AssetCheckResult]:
        tell(
            say("defs.quality.gate_1_checks")
            if gate == "inbound"
            else say("defs.quality.gate_2_checks")
        )
        yield from hold_late_promises(context, run_context, late)
        contracts = run_context.sources if gate == "inbound" else run_context.products
        result = _run(run_context, gate, contracts, context.run.run_id)
        report = report_file(run_context.paths, context.run.run_id)
        failed = []
        chosen = {
            tuple(check_key.asset_key.path)
            for check_key in context.selected_asset_check_keys
            if check_key.name == name
        }
        for key in (key for key in assets if tuple(key) in chosen):
            found = _as_check_result(result, name, list(key), str(report))
            if not found.passed:
                failed.append(key[-1])
            yield found
        if failed:
            raise dg.Failure(f"{description} Brutt i: {', '.join(failed)}.")

    return check


def judge_what_is_published(ctx: RunContext, run_id: str) -> None:
    """Hold over models and marts what this run has not held: nothing is published unjudged.

    Args:
        ctx: The run's context.
        run_id: The run that publishes.

    Raises:
        GateError: A promise is broken.
    """
    with warehouse(ctx.paths) as con:
        ((judged, broken),) = con.execute(
            f"select count(*), count(*) filter (where {STOPS})"
            " from ops.quality_results where run_id = ? and gate = 'outbound'",
            [run_id],
        ).fetchall()
    if not judged:
        result = _run(ctx, "outbound", ctx.products, run_id)
        broken = sum(r.stops for r in result.results)
    broken += judge_the_rest(ctx, run_id)
    if broken:
        raise GateError(say("defs.quality.gate_2_broken", broken=broken))


def _run(ctx: RunContext, gate: Gate, contracts: dict[str, Contract], run_id: str) -> GateResult:
    present = frozenset(present_sha256(ctx.paths))
    with warehouse(ctx.paths) as con:
        if gate == "outbound":
            # catalogue, news and sentences are of what is about to be published, judged with it
            write_catalogue(con, ctx.products)
            write_changes(con, ctx.paths, ctx.products)
            write_sentences(con, ctx.products)
        result = run_gate(con, gate, contracts, run_id, datetime.now(UTC), present)
        if gate == "outbound":
            beside.let_go()  # no gate comes after it, and publishing wants the room
        keep_results(con, ctx.paths, gate, run_id)
        return result


def _as_check_result(
    result: GateResult, name: str, key: list[str], report: str
) -> dg.AssetCheckResult:
    mine = [r for r in result.results if r.table_name == key[-1]]
    failed = [r for r in mine if r.stops]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not failed,
        description="\n".join(f"{r.promised_nb} {r.measured_nb}" for r in failed)
        or say("defs.quality.all_held", n=len(mine)),
        metadata={
            "report": dg.MetadataValue.path(report),
            "checks": len(mine),
            "failed": [f"{r.promised_nb} {r.measured_nb}" for r in failed],
            "warnings": [r.promised_nb for r in mine if not r.success and not r.stops],
        },
    )
