"""Promises that nothing which was read is lost on the way to what is published.

The counting is done by dbt (``int_sick_leave__unit_matches``, ``int_ledger__unit_versions``,
``int_reconciliation``); here are only the queries that say in words what it found.
"""

from pipelines.quality.operational import OperationalCheck
from pipelines.warehouse.left_out import SUMMED_FROM
from pipelines.words.messages import say

# how many were absent in a small unit is itself about persons: then no count is given; and that
# anybody was, only where the published figure says the same by its reason. So it is all units'
# months that are counted, not those with an absence: less those where readers see one, they would
# say in how many hidden units anybody was away. The hidden ones are one problem between them
_ABSENCES_MET = f"""
select case
           when is_too_unmatched and is_said then
               unit_id || ' ' || strftime(month, '%Y-%m') || ': '
               || case when n_persons < min_persons
                       then '{say("quality.completeness.absences_of_fewer_than")} '
                            || min_persons || ' personer'
                       else case when n_unmatched < {SUMMED_FROM}
                                then '{say("quality.completeness.fewer_than_five")}'
                                else cast(n_unmatched as varchar) end
                            || ' av ' || n_spells || ' {say("quality.completeness.absences")}' end
               || ' treffer ingen stilling'
           when is_too_unmatched and nth = 1 then
               'enheter under grensen, '
               || case when n_alike < {SUMMED_FROM}
                       then '{say("quality.completeness.fewer_than_five")}'
                       else cast(n_alike as varchar) end
               || '{say("quality.completeness.months_of_hidden_absences")}'
       end as problem
from (
    select coalesce(matches.unit_id, cells.unit_id) as unit_id, matches.* exclude (unit_id),
        profile.min_persons, said.group_id is not null as is_said,
        cells.unit_id is not null as is_cell,
        row_number() over (
            alike order by cells.unit_id is null, matches.month desc, matches.unit_id
        ) as nth,
        count(*) over (alike rows between unbounded preceding and unbounded following) as n_alike
    from (
        select distinct group_id as unit_id, month from marts.fct_metric_months where level = 'unit'
    ) as cells
    full join intermediate.int_sick_leave__unit_matches as matches
        on cells.unit_id = matches.unit_id and cells.month = matches.month
    cross join municipality.profile as profile
    left join (
        select distinct group_id, month
        from marts.fct_metric_months
        where level = 'unit' and missing_reason = 'unmatched_absences'
    ) as said on matches.unit_id = said.group_id and matches.month = said.month
    window alike as (partition by matches.is_too_unmatched, said.group_id is null)
)
where is_cell or is_too_unmatched and (is_said or nth = 1)
order by is_too_unmatched desc nulls last, not is_said, month desc, unit_id
"""

# a version laid over the earlier ones is said until the next whole one; so is a line that a whole
# version no longer has
_BUDGETS_WHOLE = f"""
select case when sum(n_earlier_lines - n_known_lines) > 0 then
           'regulert budsjett ' || year || ', versjon «' || version || '»: '
           || sum(n_known_lines) || ' av ' || sum(n_earlier_lines) || ' tidligere linjer i '
           || case when count(*) = 1 then max(unit_id) else count(*) || ' enheter' end
           || case when is_whole then ' (resten regnes som fjernet)'
                   else ' {say("quality.completeness.rest_as_before")}' end
       end as problem
from intermediate.int_ledger__unit_versions
where amount_type = 'revised_budget' and version_no >= first_version_no and n_earlier_lines > 0
group by year, version, version_no, is_whole
order by year desc, version_no desc, is_whole
"""

_VERSIONS_IN_ORDER = """
select case when is_order_unknown then
           case when amount_type = 'original_budget' then 'opprinnelig' else 'regulert' end
           || ' budsjett ' || year || ', versjon «' || version || '»'
       end as problem
from intermediate.int_ledger__versions
order by is_order_unknown desc, year desc, version_no
"""

_ACCOUNTED_FOR = """
select case when is_unexplained then
           source || case when feed_id <> '' then ', kilde ' || feed_id else '' end
           || case when period <> '' then ', periode ' || period else '' end || ', ' || measure
           || ': ' || n_unexplained || case when n_unexplained = 1 then ' rad' else ' rader' end
           || case when abs(amount_unexplained) >= 0.01 and source not like 'metrics.%' then
                  ' og ' || replace(cast(cast(amount_unexplained as decimal(18, 2)) as varchar),
                      '.', ',')
                  || case when source = 'ledger.entries' then ' kr' else ' dagsverk' end
              else '' end
           || ' av ' || n_loaded
           || case when n_loaded = 1 then ' lastet rad' else ' lastede rader' end
           || ' er verken brukt eller gjort rede for'
       end as problem
from intermediate.int_reconciliation
order by is_unexplained desc, source, feed_id, period, measure
"""

# both sides are counted where figures are hidden and where they are published
_CELLS_PUBLISHED = """
select case when coalesce(made.n, 0) <> coalesce(published.n, 0) or published.n_silent > 0 then
           coalesce(made.metric_id, published.metric_id) || ', '
           || coalesce(made.level, published.level) || ': ' || coalesce(published.n, 0) || ' av '
           || coalesce(made.n, 0) || ' celler er publisert, '
           || coalesce(published.n_silent, 0) || ' av dem uten tall og uten grunn'
       end as problem
from (
    select level, metric_id, count(*) as n
    from intermediate.int_metric_levels
    group by level, metric_id
) as made
full join (
    select level, metric_id, count(*) as n,
        count(*) filter (
            where value is null and suppression_reason is null and missing_reason is null
        ) as n_silent
    from marts.fct_metric_months
    group by level, metric_id
) as published on made.level = published.level and made.metric_id = published.metric_id
order by made.metric_id, made.level
"""

# the sector and month alone: the amount would be the correction of the hidden units themselves
_HELD_BACK = """
select case when n_units > 0 then
           sector || ', ' || strftime(month, '%Y-%m') || ', ' || label_nb || ': ' || n_units
           || case when n_units = 1 then ' skjult enhet' else ' skjulte enheter' end
           || ' teller med tallene fra en tidligere utgave'
       end as problem
from (
    select counted.sector, counted.month, metrics.label_nb,
        count(distinct counted.unit_id) filter (where counted.is_held_back) as n_units
    from intermediate.int_counted_unit_months as counted
    inner join municipality.metrics as metrics on counted.total_id = metrics.metric_id
    where metrics.is_about_persons
    group by counted.sector, counted.month, metrics.label_nb
)
order by n_units desc, month desc, sector, label_nb
"""

COMPLETENESS: tuple[OperationalCheck, ...] = (
    OperationalCheck(
        "everything_loaded_is_accounted_for",
        "fct_metric_months",
        "error",
        say("quality.completeness.rows_are_accounted_for"),
        say("quality.completeness.sources_periods_measures"),
        _ACCOUNTED_FOR,
        names_problems=True,
    ),
    OperationalCheck(
        "every_cell_is_published",
        "fct_metric_months",
        "error",
        say("quality.completeness.cells_are_accounted_for"),
        say("quality.completeness.metrics_and_levels"),
        _CELLS_PUBLISHED,
        names_problems=True,
    ),
    OperationalCheck(
        "absences_meet_a_position",
        "fct_metric_months",
        "warning",
        say("quality.completeness.absences_match_positions"),
        say("quality.completeness.units_and_months"),
        _ABSENCES_MET,
        names_problems=True,
    ),
    OperationalCheck(
        "corrections_of_hidden_units_count",
        "fct_metric_months",
        "warning",
        say("quality.completeness.corrections_are_counted"),
        say("quality.completeness.sectors_months_measures"),
        _HELD_BACK,
        names_problems=True,
    ),
    OperationalCheck(
        "budget_versions_are_whole",
        "mart_economy",
        "warning",
        say("quality.completeness.budget_versions_are_whole"),
        "versjoner",
        _BUDGETS_WHOLE,
        names_problems=True,
    ),
    OperationalCheck(
        "budget_versions_have_an_order",
        "mart_economy",
        "warning",
        say("quality.completeness.budget_versions_in_order"),
        "versjoner",
        _VERSIONS_IN_ORDER,
        names_problems=True,
    ),
)
