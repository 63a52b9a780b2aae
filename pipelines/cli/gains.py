"""``pukk gains``: identified, realised and measured side by side, with the status in words.

The three are never added together: each has a column and a total of its own.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from pipelines.cli.output import console, marked, number, print_json, table
from pipelines.cli.published import current_generation
from pipelines.defs.context import read_context
from pipelines.publishing.contents import read_rows
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.messages import say
from pipelines.words.sentences import SENTENCES

_SCOPES = """
select scope_type, scope_id, coalesce(unit_name, '') as unit_name, n_units, n_units_measured,
    identified_fte, realised_fte, realised_counted_fte, realised_compared_fte,
    measured_fte, measured_lo, measured_hi, sick_leave_capacity_fte, status, status_nb, reason
from mart_gain_checks
where scope_type <> 'cycle' or identified_fte > 0 or realised_fte > 0
order by case scope_type
    when 'municipality' then 1 when 'pilots' then 2 when 'wave' then 3 else 4 end,
    try_cast(scope_id as integer) nulls last, scope_id
"""
_NAMES = {"municipality": "Hele kommunen", "pilots": "Pilotene", "wave": "Pulje"}
_COLUMNS: tuple[str | tuple[str, str], ...] = (
    "Hvor",
    ("Identifisert", "right"),
    ("Realisert", "right"),
    ("Holdt mot", "right"),
    (say("cli.gains.measured"), "right"),
    "Status",
)
_LEGEND = say("cli.gains.three_columns")


def gains(
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.gains.as_json"))] = False,
) -> None:
    """Vis gevinstene: identifisert, realisert og målt, og hva målingen sier."""
    ctx = read_context()
    generation = current_generation(ctx)
    checked = SENTENCES["mart_gain_checks", "sentence"]
    rows = [
        row | {"sentence_nb": checked.text(row, {}, DEFAULT_LANGUAGE)}
        for row in map(dict, read_rows(ctx.paths, generation, _SCOPES))
    ]
    issues = read_rows(
        ctx.paths,
        generation,
        "select severity, issue, issue_nb, count(*) as n, min(gain_id) as gain_id,"
        " min_by(other_gain_id, gain_id) as other_gain_id"
        " from mart_gain_issues group by all order by severity, issue_nb",
    )
    if as_json:
        print_json(rows)
        return
    if ctx.identity.notice_nb:
        console.print(marked("[bold]{}[/]", ctx.identity.notice_nb))
    shown = table(say("cli.gains.gains_in_fte"), _COLUMNS)
    for row in rows:
        shown.add_row(*_cells(row))
    console.print(shown)
    for row in rows:
        if row["scope_type"] in ("municipality", "pilots"):
            console.print(f"- {_NAMES[row['scope_type']]}: {row['sentence_nb']}")
    for issue in issues:
        word = "Feil" if issue["severity"] == "error" else "Varsel"
        example = SENTENCES["mart_gain_issues", "sentence"].text(issue, {}, DEFAULT_LANGUAGE)
        console.print(f"- {word}, {issue['issue_nb'].lower()} ({issue['n']}): {example}")
    console.print(_LEGEND)


def _cells(row: Mapping[str, Any]) -> list[str]:
    name = row["unit_name"] or _NAMES.get(row["scope_type"], "")
    if row["scope_type"] == "wave":
        name = f"{name} {row['scope_id']}"
    measured = ""
    if row["measured_fte"] is not None:
        estimate, low, high = (
            number(row[column], 1, signed=True)
            for column in ("measured_fte", "measured_lo", "measured_hi")
        )
        measured = say("cli.gains.estimate_with_ends", estimate=estimate, low=low, high=high)
    return [
        name,
        number(row["identified_fte"]),
        number(row["realised_fte"]),
        number(row["realised_compared_fte"]),
        measured,
        row["status_nb"],
    ]
