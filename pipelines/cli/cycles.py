"""``pukk baselines``: frozen baselines beside what the source says now, decisions, and claims of K.

Every sentence comes from the published tables.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.output import console, marked, number, print_json, table
from pipelines.cli.published import current_generation
from pipelines.defs.context import read_context
from pipelines.publishing.contents import read_rows
from pipelines.words.messages import say

_RESTATED = (
    "select b.unit_name, m.label_nb as metric_nb, m.decimals, b.frozen_as_of, b.value,"
    " b.restated_value, b.restated_difference, b.restated_by, b.is_verdict_changed, b.state_nb"
    " from mart_baselines as b inner join dim_metrics as m using (metric_id)"
    " where b.is_restated or b.state = 'hidden' order by b.cycle_id, m.metric_order"
)
_DECISIONS = (
    "select decision_id, unit_name, metric_id, decided_date, decided_by_role, outcome_nb"
    " from mart_rebase_decisions order by decision_id"
)
_COUNTED = "select count(*) as n, count(*) filter (is_frozen_late) as n_late from mart_baselines"
_CLAIMS = (
    "select unit_name, cycle_no, step_claimed_nb, step_problem_nb from mart_cycles"
    " where not is_step_supported order by cycle_id"
)


def baselines(
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.cycles.as_json"))] = False,
) -> None:
    """Vis frosne nullpunkt som er rettet siden, beslutninger om ny basis, og steg uten dekning."""
    ctx = read_context()
    generation = current_generation(ctx)
    restated, decisions, claims, counted = (
        read_rows(ctx.paths, generation, sql) for sql in (_RESTATED, _DECISIONS, _CLAIMS, _COUNTED)
    )
    if as_json:
        print_json({"restated": restated, "decisions": decisions, "claims": claims})
        return
    console.print(say("cli.cycles.baselines_frozen", n=counted[0]["n"]))
    if counted[0]["n_late"]:
        console.print(say("cli.cycles.frozen_late", n_late=counted[0]["n_late"]))
    if restated:
        console.print(_restated_table(restated))
    else:
        console.print(say("cli.cycles.none_mended_or_hidden"))
    for row in decisions:
        console.print(
            marked(
                "[bold]{}[/] {}, {} ({}, {}): {}",
                *(row[name] for name in ("decision_id", "unit_name", "metric_id")),
                *(row["decided_by_role"], f"{row['decided_date']:%d.%m.%Y}", row["outcome_nb"]),
            )
        )
    for row in claims:
        console.print(
            marked(
                "[bold]{}[/], runde {}, oppgir «{}». {}",
                *(row["unit_name"], row["cycle_no"], row["step_claimed_nb"]),
                row["step_problem_nb"],
            )
        )


def _restated_table(rows: list[Mapping[str, Any]]) -> Table:
    shown = table(
        say("cli.cycles.mended_or_hidden_since"),
        [
            *(
                "Enhet",
                say("cli.cycles.metric"),
                "Frosset per",
                ("Frosset", "right"),
                (say("cli.cycles.now"), "right"),
            ),
            *(("Forskjell", "right"), "Leveranse", say("cli.cycles.verdict_would_be_other")),
        ],
    )
    for row in rows:
        digits = row["decimals"]
        shown.add_row(
            row["unit_name"],
            row["metric_nb"],
            f"{row['frozen_as_of']:%m.%Y}",
            ":" if row["value"] is None else number(row["value"], digits),
            number(row["restated_value"], digits),
            number(row["restated_difference"], digits, signed=True),
            row["restated_by"] or "",
            "ja" if row["is_verdict_changed"] else "nei",
        )
    return shown
