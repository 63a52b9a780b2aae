"""Which unit somebody means on the command line."""

from pipelines.desk.generations import Generation
from pipelines.errors import PukkError
from pipelines.publishing.contents import read_rows
from pipelines.settings import Paths
from pipelines.words.messages import say


def unit_named(paths: Paths, generation: Generation, unit: str) -> str:
    """Return the id of the unit somebody means.

    Args:
        paths: The municipality's folders.
        generation: Where units are looked up.
        unit: The id, or else the whole name, or else a part of it.

    Raises:
        PukkError: No unit is called so, or several are.
    """
    known = read_rows(
        paths,
        generation,
        # what was written says most where it is an id, and more as a whole name than as a part
        "select unit_id, unit_name from ("
        " select *, case when unit_id = ?1 then 1 when lower(unit_name) = lower(?1) then 2"
        " when position(lower(?1) in lower(unit_name)) > 0 then 3 end as nearness from dim_units)"
        " where nearness is not null qualify nearness = min(nearness) over () order by unit_id",
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
