"""Assets from the inbox to the source tables: one asset per contract table.

The work is done in ``pipelines.ingest``; here it is named, ordered and reported.
"""

from collections.abc import Iterator, Sequence

import dagster as dg
import duckdb

from pipelines.contracts.model import Contract
from pipelines.contracts.organisation import FIRST_CONTRACT, REGISTER, UNIT_CODES, in_reading_order
from pipelines.defs.context import RunContext, tell
from pipelines.defs.keys import keys_of
from pipelines.defs.lock import warehouse
from pipelines.defs.sound import mend_warehouse
from pipelines.defs.unchanged import noted_inputs
from pipelines.ingest.catch_up import catch_up
from pipelines.ingest.inbox import inbox_files
from pipelines.ingest.lapses import hold_expired
from pipelines.ingest.run import IngestContext, ingest_contract, ingest_unmatched
from pipelines.municipality.tables import config_tables
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.warehouse.releases import today_in_norway
from pipelines.warehouse.replaced import replace_tables
from pipelines.warehouse.schema import OPS_TABLES, create_tables
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

INBOX = dg.AssetKey("inbox")
_LEDGER = ("deliveries", "quarantine", "warnings")


def build_ingest_assets(ctx: RunContext) -> list[dg.AssetsDefinition]:
    """Return the inbox, the configuration tables, the source tables and the ledger of the run."""
    return [_inbox(), _configuration(ctx), _sources(ctx)]


def _inbox() -> dg.AssetsDefinition:
    @dg.asset(
        key=INBOX,
        group_name="ingest",
        kinds={"file"},
        description=say("defs.ingest.files_delivered"),
    )
    def inbox(run_context: dg.ResourceParam[RunContext]) -> dg.MaterializeResult[None]:
        files = inbox_files(run_context.paths.create())
        tell(say("defs.ingest.inbox_has", n_files=counted_nb(len(files), "fil", "filer")))
        size = sum(file.path.stat().st_size for file in files if file.path.exists())
        return dg.MaterializeResult(metadata={"files": len(files), "bytes": size})

    return inbox


def _configuration(ctx: RunContext) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            ["municipality", name],
            group_name="configuration",
            kinds={"yaml"},
            description=say("defs.ingest.rows_of_configuration", name=name),
        )
        for name in config_tables(ctx.municipality)
    ]

    @dg.multi_asset(specs=specs, name="municipality_configuration", can_subset=True)
    def configuration(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.MaterializeResult[None]]:
        if noted_inputs() is None:
            mend_warehouse(run_context)  # a whole run has just done it
        tell("Leser kommunens oppsett")
        with warehouse(run_context.paths.create()) as con:
            create_tables(con, run_context.sources)
            replace_tables(con, "municipality", config_tables(run_context.municipality))
        for name, frame in config_tables(run_context.municipality).items():
            key = dg.AssetKey(["municipality", name])
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(
                    asset_key=key, metadata={"dagster/row_count": frame.height}
                )

    return configuration


def _sources(ctx: RunContext) -> dg.AssetsDefinition:
    # one step for all sources: gate 1 blocks what comes after, and units must be read first
    specs = [
        dg.AssetSpec(
            [contract.id, table.name],
            deps=_deps(contract),
            group_name="ingest",
            kinds={"polars", "duckdb"},
            description=table.description,
            metadata={"contract": f"{contract.id} {contract.version}"},
        )
        for contract in ctx.sources.values()
        for table in contract.tables.values()
    ]
    # the ledger is written in the same transactions as the rows
    specs += [
        dg.AssetSpec(
            ["ops", name],
            deps=[INBOX],
            group_name="ingest",
            kinds={"duckdb"},
            description=OPS_TABLES[name].description,
        )
        for name in _LEDGER
    ]

    @dg.multi_asset(specs=specs, name="ingest", can_subset=True)
    def ingest(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = {key.path[0] for key in context.selected_asset_keys}
        with warehouse(run_context.paths.create()) as con:
            catch_up(con, run_context.paths)
            for told in hold_expired(con, run_context.paths, today_in_norway()):
                tell(told)
            work = ingest_context(run_context, con)
            for contract_id in [c for c in in_reading_order(run_context.sources) if c in wanted]:
                contract = run_context.sources[contract_id]
                tell(f"Leser {contract.name}")
                results = ingest_contract(work, contract_id)
                counts = _row_counts(con, contract)
                for table in contract.tables:
                    key = dg.AssetKey([contract_id, table])
                    if key in context.selected_asset_keys:
                        yield _reported(key, counts[table], results)
            ingest_unmatched(work)
            for name in _LEDGER:
                if dg.AssetKey(["ops", name]) in context.selected_asset_keys:
                    n = con.execute(f"select count(*) from ops.{name}").fetchall()[0][0]
                    yield dg.MaterializeResult(
                        asset_key=["ops", name], metadata={"dagster/row_count": n}
                    )

    return ingest


def _deps(contract: Contract) -> list[dg.AssetKey]:
    deps = [INBOX, dg.AssetKey(["municipality", "profile"])]
    if contract.id != FIRST_CONTRACT:
        deps += [dg.AssetKey(table) for table in (REGISTER, UNIT_CODES)]
    return deps


def _reported(
    key: dg.AssetKey, row_count: int, results: Sequence[DeliveryResult]
) -> dg.MaterializeResult[None]:
    mine = [r for r in results if r.table_name == key.path[-1]]
    return dg.MaterializeResult(
        asset_key=key,
        metadata={
            "dagster/row_count": row_count,
            "deliveries": len(mine),
            "rows_in": sum(r.rows_in for r in mine),
            "rows_loaded": sum(r.rows_loaded for r in mine),
            "rows_quarantined": sum(r.rows_quarantined for r in mine),
            "rows_duplicate": sum(r.rows_duplicate for r in mine),
        },
    )


def ingest_context(
    ctx: RunContext, con: duckdb.DuckDBPyConnection, *, hold: bool = False
) -> IngestContext:
    """Return what the ingest needs, with the pseudonym key of this municipality.

    Args:
        ctx: The run's context.
        con: An open warehouse connection.
        hold: Hold everything that is read for a person to look at.

    Raises:
        ConfigError: Real data and no key in the environment.
    """
    return IngestContext(
        municipality=ctx.municipality,
        contracts=ctx.sources,
        paths=ctx.paths,
        key=keys_of(ctx),
        con=con,
        hold=hold,
    )


def _row_counts(con: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, int]:
    return {
        name: con.execute(f"select count(*) from {contract.id}.{name}").fetchall()[0][0]
        for name in contract.tables
    }
