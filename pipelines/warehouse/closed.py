"""What is kept of rows about persons that were deleted for their age; no model writes it.

A source is closed before a month: what its rows before it gave is in these tables, and the models
read it from here. When and how is in ``pipelines.retention.closing``.
"""

from datetime import date

import duckdb

from pipelines.warehouse.table_sql import OpsTable

ABSENCES = "sick_leave"
POSITIONS = "hr"
"""The sources with rows about persons."""

_POSITION_MONTH = {
    "unit_id": ("varchar not null", "The unit."),
    "month": ("date not null", "First day of the month."),
    "delivery_id": ("varchar", "Newest delivery behind it."),
    "agreed_days": ("double", "Agreed working days."),
    "contract_fte": ("double", "Agreed FTE as the mean over the counted days."),
    "agreed_fte": ("double", "Agreed FTE on the last day."),
    "n_employees": ("bigint", "Distinct persons on the last day."),
    "permanent_staff": ("bigint", "Permanent staff on the last day."),
    "permanent_staff_once": ("bigint", "Same, each person in one unit only."),
    "leavers": ("bigint", "Left the municipality."),
    "movers": ("bigint", "Went to another unit."),
    "n_persons": ("bigint", "Distinct persons behind agreed days."),
    "n_persons_once": ("bigint", "Same, each person in one unit only."),
    "n_persons_effective": ("double", "How many whole persons they are worth, by their days."),
}

_ABSENCE_MONTH = {
    "unit_id": ("varchar not null", "The unit."),
    "month": ("date not null", "First day of the month."),
    "delivery_id": ("varchar", "Newest delivery behind it; empty where nobody was away."),
    "sick_days": ("double", "Sum of sick_days."),
    "n_sick_days": ("bigint", "Distinct persons behind sick_days."),
    "sick_days_short": ("double", "Sum of sick_days_short."),
    "n_sick_days_short": ("bigint", "Distinct persons behind sick_days_short."),
    "sick_days_medium": ("double", "Sum of sick_days_medium."),
    "n_sick_days_medium": ("bigint", "Distinct persons behind sick_days_medium."),
    "sick_days_long": ("double", "Sum of sick_days_long."),
    "n_sick_days_long": ("bigint", "Distinct persons behind sick_days_long."),
    "sick_days_self_certified": ("double", "Sum of sick_days_self_certified."),
    "n_sick_days_self_certified": ("bigint", "Distinct persons behind sick_days_self_certified."),
    "sick_days_certified": ("double", "Sum of sick_days_certified."),
    "n_sick_days_certified": ("bigint", "Distinct persons behind sick_days_certified."),
    "sick_days_graded": ("double", "Sum of sick_days_graded."),
    "n_sick_days_graded": ("bigint", "Distinct persons behind sick_days_graded."),
    "sick_cases": ("bigint", "Sum of sick_cases."),
    "n_sick_cases": ("bigint", "Distinct persons behind sick_cases."),
    "n_spells": ("bigint", "Absences reported."),
    "n_unmatched": ("bigint", "Those that met no position."),
    "n_persons": ("bigint", "Distinct persons reported."),
    "reported_days": ("double", "Days reported."),
    "unmatched_days": ("double", "Days that met no position."),
    "is_too_unmatched": ("boolean", "Too much of it met no position."),
}

CLOSED_TABLES: dict[str, OpsTable] = {
    "closed_sources": OpsTable(
        "From which month a source is computed from its rows; append-only.",
        {
            "contract_id": ("varchar not null", "The source."),
            "open_from": ("date not null", "First month computed from rows."),
            "closed_at": ("timestamp not null", "When the rows before were deleted, UTC."),
            "closed_by": ("varchar", "Who did it."),
        },
    ),
    "kept_absence_months": OpsTable(
        "Sums of absences of closed months per unit, as they were when the rows were deleted.",
        _ABSENCE_MONTH,
    ),
    "kept_absence_groups": OpsTable(
        "Persons behind parts of absences of closed months per group.",
        {
            "level": ("varchar not null", "sector or municipality."),
            "group_id": ("varchar not null", "Sector, or all."),
            "month": ("date not null", "First day of the month."),
            "measure_id": ("varchar not null", "The part."),
            "n_contributors": ("bigint not null", "Distinct persons behind it."),
            "n_others": ("bigint not null", "Distinct persons behind the rest."),
        },
    ),
    "kept_absence_years": OpsTable(
        "Persons behind parts of absences of closed years per unit.",
        {
            "unit_id": ("varchar not null", "The unit."),
            "year": ("integer not null", "Calendar year."),
            "measure_id": ("varchar not null", "The part."),
            "n_contributors": ("bigint not null", "Distinct persons behind it."),
            "n_others": ("bigint not null", "Distinct persons behind the rest."),
        },
    ),
    "kept_absence_covered": OpsTable(
        "Closed months the register of absences covered.",
        {
            "month": ("date not null", "First day of the month."),
        },
    ),
    "kept_position_months": OpsTable(
        "Staff of closed months per unit, as it was when the rows were deleted.",
        _POSITION_MONTH,
    ),
    "kept_position_years": OpsTable(
        "Persons with agreed time in closed years per unit.",
        {
            "unit_id": ("varchar not null", "The unit."),
            "year": ("integer not null", "Calendar year."),
            "n_persons": ("bigint not null", "Distinct persons with agreed time in the year."),
        },
    ),
}


def closed_until(con: duckdb.DuckDBPyConnection, contract_id: str) -> date | None:
    """Return the first month of a source that is computed from rows; ``None`` when all are.

    Args:
        con: The working warehouse; one from before there was such a table has nothing closed.
        contract_id: The source.
    """
    is_there = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'closed_sources'"
    ).fetchall()
    if not is_there:
        return None
    (found,) = con.execute(
        "select max(open_from) from ops.closed_sources where contract_id = ?", [contract_id]
    ).fetchall()[0]
    return found if isinstance(found, date) else None
