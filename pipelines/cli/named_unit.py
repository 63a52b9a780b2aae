"""Which unit somebody means on the command line."""

from pipelines.defs.context import RunContext
from pipelines.desk.generations import Generation
from pipelines.errors import PukkError
from pipelines.publishing.contents import read_rows
from pipelines.words.messages import say


def unit_named(ctx: RunContext, generation: Generation, unit: str) -> str:
    """Return the id of the unit somebody means.

    Args:
        ctx: The run's context.
        generation: Where units are looked up.
        unit: The id, or a part of the name.

    Raises:
        PukkError: No unit is called so, or several are.
    """
    known = read_rows(
        ctx.paths,
        generation,
        "select unit_id, unit_name from dim_units where unit_id = ?1"
        " or position(lower(?1) in lower(unit_name)) > 0",
        [unit],
    )
    if not known:
        raise PukkError(
            say("cli.named_unit.no_such_unit", unit=unit),
            way_out='Se enhetene: pukk sql "select unit_id, unit_name from dim_units"',
        )
    if len(known) > 1:
        names = ", ".join(f"{row['unit_id']} {row['unit_name']}" for row in known[:8])
        raise PukkError(
            f"Flere enheter passer: {names}.", way_out=say("cli.named_unit.write_unit_id")
        )
    return str(known[0]["unit_id"])
