"""What is kept of each source with rows about persons when its old rows are deleted.

Positions and absences; how far they are closed is in ``pipelines.retention.closing``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.warehouse.closed import ABSENCES, POSITIONS


@dataclass(frozen=True)
class KeptOf:
    """What is kept of a source.

    Attributes:
        contract_id: The source.
        models: Tables of the schema ``intermediate`` that are read.
        tables: Table of ``ops`` -> query; $1 is the first month kept, $2 the first that is not.
        last_month: Query of the last month the source has told of.
    """

    contract_id: str
    models: tuple[str, ...]
    tables: Mapping[str, str]
    last_month: str


_ABSENCES = KeptOf(
    contract_id=ABSENCES,
    models=(
        "int_sick_leave__unit_sums",
        "int_sick_leave__unit_matches",
        "int_sick_leave__group_months",
        "int_sick_leave__unit_years",
        "int_sick_leave__months_delivered",
    ),
    tables={
        "kept_absence_months": """
            select * from intermediate.int_sick_leave__unit_sums
            full join intermediate.int_sick_leave__unit_matches using (unit_id, month)
            where month >= $1 and month < $2 order by month, unit_id
        """,
        "kept_absence_groups": """
            select * from intermediate.int_sick_leave__group_months
            where month >= $1 and month < $2 order by month, level, group_id, measure_id
        """,
        "kept_absence_years": """
            select * from intermediate.int_sick_leave__unit_years
            where make_date(year, 1, 1) >= $1 and make_date(year, 1, 1) < $2
            order by year, unit_id, measure_id
        """,
        "kept_absence_covered": """
            select * from intermediate.int_sick_leave__months_delivered
            where month >= $1 and month < $2 order by month
        """,
    },
    last_month="select max(month) from intermediate.int_sick_leave__months_delivered",
)

_POSITIONS = KeptOf(
    contract_id=POSITIONS,
    models=(
        "int_hr__unit_months",
        "int_hr__position_months",
        "int_hr__position_spans",
        "int_sick_leave__matches",
        "int_gains__events",
        "int_data_range",
    ),
    tables={
        "kept_position_months": """
            select * from intermediate.int_hr__unit_months
            where month >= $1 and month < $2 order by month, unit_id
        """,
        "kept_position_years": """
            select
                unit_id,
                cast(extract(year from month) as integer) as year,
                count(distinct case when not is_hourly then person_id end) as n_persons
            from intermediate.int_hr__position_months
            where month >= $1 and month < $2
            group by 1, 2 order by 2, 1
        """,
    },
    # months are counted to the last of the warehouse, and told of to the newest register
    last_month="""
        select date_trunc('month', least(
            (select max(last_month) from intermediate.int_data_range),
            (
                select max(case
                    when files.period_ym = 'all'
                        then coalesce(deliveries.register_date, deliveries.received_at::date)
                    else make_date(
                        left(files.period_ym, 4)::integer,
                        coalesce(nullif(right(files.period_ym, 2)::integer, 0), 12), 1
                    )
                end)
                from ops.deliveries
                inner join ops.landing_files as files using (delivery_id)
                where deliveries.contract_id = 'hr' and deliveries.table_name = 'positions'
                    and deliveries.status = 'loaded'
            )
        ))::date
    """,
)

KEPT_OF: Mapping[str, KeptOf] = {each.contract_id: each for each in (_ABSENCES, _POSITIONS)}
"""Source -> what is kept of it."""
