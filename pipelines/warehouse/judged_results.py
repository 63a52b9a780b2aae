"""What each check of a run is against the edition before: new, continuing or fixed. Judged here.

A night that stopped made no edition, so it is no period of its own: what broke in it and still
breaks is new since readers last were given figures. Since when a check has been broken is counted
over all runs, also those. The export, the reports and the pages all read what is judged here.

They are read by many, so what is found among what nobody is shown is told without where: the unit
and the month of a figure that is hidden would say whose it is. What breaks in a published table is
told with its place: there only what is shown has a figure. ``pukk quality`` reads the history
itself, and says it all.
"""

from pipelines.warehouse.left_out import SUMMED_FROM
from pipelines.warehouse.table_sql import quoted
from pipelines.words.messages import say

JUDGED_COLUMNS: dict[str, tuple[str, str]] = {
    "run_before": ("varchar", "The run that made the edition before."),
    "check_change": (
        "varchar",
        "new, continuing or fixed since then; empty when it held and holds.",
    ),
    "broken_since": ("timestamp", "The first run of the unbroken row in which it broke, UTC."),
}
"""What the view says beside the columns of ``ops.quality_results``."""

OF_HIDDEN = "corrections_of_hidden_units_count"
"""The check that counts cells of hidden units: of few, readers are not told how many."""
_WHERE_IS_OWN = (
    f"('{OF_HIDDEN}', 'hidden_is_empty', 'no_small_group_visible',"
    " 'everything_loaded_is_accounted_for')"
)
"""Checks of the runs that name units, months or amounts nobody is shown."""
_IS_FEW = f"(n.rule_id = '{OF_HIDDEN}' and n.n_failed between 1 and {SUMMED_FROM - 1})"
_FEW = quoted(
    say(
        "warehouse.judged_results.fewer_than_five",
        what=say("quality.completeness.sectors_months_measures"),
    )
)
_TOLD = {
    "measured_nb": f"""
        case
            when {_IS_FEW} then {_FEW}
            when (n.gate = 'models' and n.contract_id = 'dbt' or n.rule_id in {_WHERE_IS_OWN})
                and contains(n.measured_nb, ': ')
                then split_part(n.measured_nb, ': ', 1)
                    || {quoted(say("warehouse.judged_results.command_tells_where"))}
            else n.measured_nb
        end as measured_nb""",
    "n_failed": f"case when {_IS_FEW} then 1 else n.n_failed end as n_failed",
}
_CHECK = "gate, contract_id, table_name, rule_id"
JUDGED_RESULTS = f"""
with runs as (
    select run_id, max(run_at) as run_at,
        run_id in (select run_id from ops.publications where action = 'publish') as made_an_edition
    from ops.quality_results
    group by run_id
),
befores as (
    select runs.run_id, max_by(earlier.run_id, earlier.run_at) as run_before
    from runs
    left join runs as earlier on earlier.run_at < runs.run_at and earlier.made_an_edition
    group by runs.run_id
),
in_rows as (
    select *,
        count(*) filter (where success) over (
            partition by {_CHECK} order by run_at rows unbounded preceding
        ) as unbroken_row
    from ops.quality_results
),
since as (
    select *,
        min(run_at) filter (where not success) over (
            partition by {_CHECK}, unbroken_row
        ) as first_broken_at
    from in_rows
)
select {{columns}}, befores.run_before,
    case
        when n.success then case when not b.success then 'fixed' end
        when not b.success then 'continuing'
        else 'new'
    end as check_change,
    case when not n.success then n.first_broken_at end as broken_since
from since as n
inner join befores on n.run_id = befores.run_id
left join ops.quality_results as b
    on befores.run_before = b.run_id and n.gate = b.gate and n.contract_id = b.contract_id
    and n.table_name = b.table_name and n.rule_id = b.rule_id
"""
"""The view's SQL; ``columns`` are those of ``ops.quality_results``, as ``told`` has them."""


def told(name: str) -> str:
    """Return a column of the view as it is told to many."""
    return _TOLD.get(name, f'n."{name}"')
