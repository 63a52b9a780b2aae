"""Units by the six pitfalls as a table of signs, in the form of the matrix: HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dashboards.components.signs import to_unit
from dashboards.context import Context

Row = dict[str, Any]
# the gravest first: what a unit has for a pitfall is the first of these that any signal says
_LOOKS = {"signal": "worse f", "cannot_see": "cannot_tell", "no_signal": "no_change"}


def heat(context: Context, units: Sequence[Row]) -> str:
    """Return the table; a signal is a link to the unit.

    Args:
        context: The frame's message.
        units: Rows of ``mart_pitfalls`` of units: code, words of the status and of the pitfall.
    """
    names = {row["pitfall_no"]: row["pitfall"] for row in units}
    words = {row["code"]: row["status_words"] for row in units}
    found: dict[tuple[str, str], dict[int, str]] = {}
    for row in units:
        cells = found.setdefault((row["unit_name"], row["scope_id"]), {})
        order = list(_LOOKS)
        before = cells.get(row["pitfall_no"], order[-1])
        cells[row["pitfall_no"]] = min(before, row["code"], key=order.index)
    head = "".join(f'<th scope="col">{no}. {escape(names[no])}</th>' for no in sorted(names))
    # those with most signals first: they are what there is to talk about
    ordered = sorted(found, key=lambda unit: (-_n_signals(found[unit]), unit))
    body = "".join(_row(context, unit, found[unit], names, words) for unit in ordered)
    legend = "".join(
        f'<li><span class="v i {look}">{escape(words[code])}</span></li>'
        for code, look in _LOOKS.items()
        if code in words
    )
    return (
        f'<div class="pk"><ul class="chips">{legend}</ul><div class="scroll" tabindex="0" '
        f'role="region" aria-label="{escape(context.t("pitfalls_title"))}"><table class="mx pf">'
        f'<caption class="vh">{escape(context.t("pitfalls_title"))}</caption><thead><tr>'
        f'<th scope="col">{escape(context.t("unit"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></div>"
    )


def _n_signals(cells: Mapping[int, str]) -> int:
    return sum(code == "signal" for code in cells.values())


def _row(
    context: Context,
    unit: tuple[str, str],
    cells: Mapping[int, str],
    names: Mapping[int, str],
    words: Mapping[str, str],
) -> str:
    name, unit_id = unit
    to = to_unit(context, unit_id)
    made = []
    for no in sorted(names):
        if no not in cells:
            made.append("<td></td>")
            continue
        label = escape(f"{name}, {names[no]}: {words[cells[no]]}")
        look = f"v {_LOOKS[cells[no]]}"
        stop = "" if cells[no] == "signal" else ' tabindex="-1"'
        made.append(f'<td><a class="{look}" href="{to}" aria-label="{label}"{stop}></a></td>')
    link = f'<a href="{to}">{escape(name)}</a>'
    return f'<tr><th scope="row">{link}</th>{"".join(made)}</tr>'
