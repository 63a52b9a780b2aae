"""Do the absences of a delivery meet positions, or are its people written in another way?

Which spell meets which position when figures are made is decided in the dbt project; here a whole
delivery is judged, before it counts. How a number becomes a pseudonym is in ``pseudonyms``.
"""

from pipelines.contracts.shapes import Contract
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

CODE = "unmatched_absences"
MIN_UNMATCHED = 6
"""Fewer absences than this hold no delivery; what they make unknown is missing in the marts."""

_JUDGED = ("sick_leave", "spells")
_MATCHES = """
with spells as (select person_id, start_date, end_date from __delivered),
met as (
    select
        spells.*,
        exists (
            select 1 from hr.positions as p
            where p.person_id = spells.person_id and p.employment_type <> 'hourly'
                and p.start_date <= coalesce(spells.end_date, p.start_date)
                and coalesce(p.end_date, spells.start_date) >= spells.start_date
        ) as is_met,
        exists (select 1 from hr.positions as p where p.person_id = spells.person_id) as is_known,
        exists (
            select 1 from hr.positions as p
            where p.person_id = spells.person_id and p.employment_type <> 'hourly'
        ) as has_agreed_time
    from spells
)
select
    count(*) as n,
    count(*) filter (where not is_met) as n_unmatched,
    count(*) filter (where not is_known) as n_unknown,
    count(*) filter (where is_known and not has_agreed_time) as n_hourly
from met
"""


def unmatched_absences(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return a hold when too many of a delivery's absences meet no position.

    Judged only when a register of positions is there to be met.

    Args:
        delivered: A delivery of any table; only absences are judged.
    """
    if not _is_judged(delivered.contract, delivered.table.name):
        return ()
    if not delivered.con.execute("select count(*) from hr.positions").fetchall()[0][0]:
        return ()
    n, n_unmatched, n_unknown, n_hourly = _count(delivered)
    limit = delivered.feed.max_unmatched_pct
    if n_unmatched < MIN_UNMATCHED or 100 * n_unmatched <= limit * n:
        return ()
    kinds = [
        (n_unknown, say("ingest.matched_share.not_in_register")),
        (n_hourly, say("ingest.matched_share.hourly_paid")),
        (n_unmatched - n_unknown - n_hourly, say("ingest.matched_share.days_without_position")),
    ]
    found = ", ".join(f"{count} {text}" for count, text in kinds if count)
    share = number_nb(100 * n_unmatched / n, 0)
    return (
        Hold(
            CODE,
            say(
                "ingest.matched_share.too_many_unmatched",
                n_unmatched=n_unmatched,
                n=n,
                share=share,
                found=found,
                limit=number_nb(limit, 0),
            ),
            say("ingest.matched_share.check_employee_numbers"),
        ),
    )


def _is_judged(contract: Contract, table: str) -> bool:
    return (contract.id, table) == _JUDGED


def _count(delivered: DeliveredSet) -> tuple[int, int, int, int]:
    n, n_unmatched, n_unknown, n_hourly = delivered.told(_MATCHES)[0]
    return n, n_unmatched, n_unknown, n_hourly
