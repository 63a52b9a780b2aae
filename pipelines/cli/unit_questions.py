"""Units that are gone or changed and of which nobody has said why: the question and its answer.

What is asked is worked out in the dbt model ``int_unit_questions``; here it becomes words and the
row to deliver. Nothing is decided here.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.municipality.feeds import Feed
    from pipelines.municipality.model import Municipality

IS_THERE = (
    "select table_name from information_schema.tables"
    " where table_schema = 'intermediate' and table_name = 'int_unit_questions'"
)
"""Gives a row once a run has come as far as the question."""

ASKED = (
    "select * from intermediate.int_unit_questions order by since_date nulls last, unit_id, kind"
)
"""Every question, oldest first."""

_WHY = "lagt ned, slått sammen, delt eller nytt nummer?"
_LOOKS_LIKE = {
    "merge": "at den er slått sammen med eller inn i",
    "split": "at den er delt i",
    "rename": "at den har fått nytt nummer:",
}
_COLUMNS = ("change_date", "from_unit_id", "to_unit_id", "share", "change_type")
_NAMES = ("Dato", "Fra enhet", "Til enhet", "Andel", "Endring")
_NO_FEED = (
    "i en leveranse av organisation.unit_changes (ikke satt opp ennå: se «Når enheter endres» i "
    "docs/adopt.md)"
)
_NO_DATE = "DD.MM.ÅÅÅÅ"


def words_of(question: Mapping[str, Any], municipality: "Municipality") -> str:
    """Return one question in bokmål, with the file and the row that answer it.

    Args:
        question: A row of ``int_unit_questions``.
        municipality: Its feeds say where changes of units are delivered, and how.
    """
    feed = next(
        (
            feed
            for feed in municipality.feeds
            if (feed.contract, feed.table) == ("organisation", "unit_changes")
        ),
        None,
    )
    rows = "  ".join(_row(feed, change) for change in _changes(question))
    header = _row(feed, dict(zip(_COLUMNS, _NAMES, strict=True)), is_header=True)
    where = f"i leveransen «{feed.id}» ({', '.join(feed.files)})" if feed else _NO_FEED
    return f"{_asked(question)}{_looks(question)} Si det {where}, med raden: {header}  {rows}"


def _asked(question: Mapping[str, Any]) -> str:
    who = f"Enheten «{question['unit_name']}» ({question['unit_id']})"
    since: date | None = question["since_date"]
    if question["kind"] == "rename":
        return (
            f"{who} het «{question['before']}» i et tidligere register og heter nå "
            f"«{question['later']}», og ingen har sagt fra når."
        )
    if question["kind"] == "move":
        return (
            f"{who} sto under «{question['before']}» i et tidligere register og står nå under "
            f"«{question['later']}», og ingen har sagt fra når."
        )
    if question["kind"] == "ended" and since:
        last = date.fromordinal(since.toordinal() - 1)
        return f"{who} sluttet {last:%d.%m.%Y} etter registeret, og ingen har sagt hvorfor: {_WHY}"
    when = f" fra {since:%Y-%m}" if since else ""
    return f"{who} er borte fra registeret{when}, og ingen har sagt hvorfor: {_WHY}"


def _looks(question: Mapping[str, Any]) -> str:
    if question["kind"] not in {"left", "ended"}:
        return ""
    names = question["heir_names"]
    if not names:
        return " Ingen enhet ser ut til å ha tatt over."
    what = _LOOKS_LIKE.get(question["looks_like"] or "")
    return f" Det ser ut som {what} {names}." if what else f" Flere kan ha tatt over: {names}."


def _changes(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the changes it looks like, one per unit that may have taken over."""
    heirs = (question["heir_ids"] or question["unit_id"]).split(", ")
    since: date | None = question["since_date"]
    return [
        {
            "change_date": f"{since:%d.%m.%Y}" if since else _NO_DATE,
            "from_unit_id": question["unit_id"],
            "to_unit_id": heir,
            "share": round(1 / len(heirs), 2),
            "change_type": question["looks_like"] or "merge",
        }
        for heir in heirs
    ]


def _row(feed: "Feed | None", change: Mapping[str, Any], *, is_header: bool = False) -> str:
    cells = []
    for column in _COLUMNS:
        mapping = feed.columns.get(column) if feed else None
        value = change[column]
        if mapping is None:
            cells.append(_text(value))
        elif mapping.column:
            read_as = {code: text for text, code in (mapping.values or {}).items()}
            cells.append(mapping.column[0] if is_header else read_as.get(value, _text(value)))
    separator = feed.separator if feed and feed.separator != "auto" else ";"
    return separator.join(cells)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}".replace(".", ",")
