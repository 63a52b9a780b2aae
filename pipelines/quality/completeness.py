"""Promises that nothing which was read is lost on the way to what is published.

The counting is done by dbt (``int_sick_leave__unit_matches``); here are only the queries that say
in words what it found.
"""

from pipelines.quality.operational import OperationalCheck

# how many were absent in a small unit is itself about persons: then no count is given
_ABSENCES_MET = """
select case when is_too_unmatched then
           unit_id || ' ' || strftime(month, '%Y-%m') || ': '
           || case when n_persons < profile.min_persons then 'fravær fra færre enn '
                       || profile.min_persons || ' personer'
                   else n_unmatched || ' av ' || n_spells || ' fravær' end
           || ' treffer ingen stilling'
       end as problem
from intermediate.int_sick_leave__unit_matches
cross join municipality.profile as profile
order by is_too_unmatched desc, month desc, unit_id
"""

COMPLETENESS: tuple[OperationalCheck, ...] = (
    OperationalCheck(
        "absences_meet_a_position",
        "fct_metric_months",
        "warning",
        "Fraværet i en enhet og måned treffer stillinger; ellers mangler tallet, og ansattnummer "
        "eller stillingsregister må rettes.",
        "enheter og måneder",
        _ABSENCES_MET,
        names_problems=True,
    ),
)
