"""Units that are gone or changed and of which nobody has said why: the question and its answer.

What is asked is worked out in the dbt model ``int_unit_questions``; here it becomes words and the
row to deliver. Nothing is decided here.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.contracts.organisation import UNIT_CHANGES
from pipelines.words.messages import say

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

_WHY = say("cli.unit_questions.closed_merged_split_or_renumbered")
_LOOKS_LIKE = {
    "merge": say("cli.unit_questions.merged_with"),
    "split": say("cli.unit_questions.split_in"),
    "rename": say("cli.unit_questions.got_new_number"),
}
_COLUMNS = ("change_date", "from_unit_id", "to_unit_id", "share", "change_type")
_NAMES = (
    "Dato",
    say("cli.unit_questions.from_unit"),
    say("cli.unit_questions.to_unit"),
    "Andel",
    "Endring",
)
_NO_FEED = say("cli.unit_questions.in_a_delivery_not_set_up")
_NO_DATE = say("cli.unit_questions.date_form")


def words_of(question: Mapping[str, Any], municipality: "Municipality") -> str:
    """Return one question in bokmål, with the file and the row that answer it.

    Args:
        question: A row of ``int_unit_questions``.
        municipality: Its feeds say where changes of units are delivered, and how.
    """
    feed = next(
        (feed for feed in municipality.feeds if (feed.contract, feed.table) == UNIT_CHANGES),
        None,
    )
    rows = "  ".join(_row(feed, change) for change in _changes(question))
    header = _row(feed, dict(zip(_COLUMNS, _NAMES, strict=True)), is_header=True)
    where = f"i leveransen «{feed.id}» ({', '.join(feed.files)})" if feed else _NO_FEED
    return say(
        "cli.unit_questions.told_with_row",
        question=_asked(question),
        question_2=_looks(question),
        where=where,
        header=header,
        rows=rows,
    )


def _asked(question: Mapping[str, Any]) -> str:
    who = f"Enheten «{question['unit_name']}» ({question['unit_id']})"
    since: date | None = question["since_date"]
    if question["kind"] == "rename":
        return say(
            "cli.unit_questions.was_called",
            who=who,
            before=question["before"],
            later=question["later"],
        )
    if question["kind"] == "move":
        return say(
            "cli.unit_questions.stood_under",
            who=who,
            before=question["before"],
            later=question["later"],
        )
    if question["kind"] == "ended" and since:
        last = date.fromordinal(since.toordinal() - 1)
        return say("cli.unit_questions.ended_in_register", who=who, last=last, why=_WHY)
    when = f" fra {since:%Y-%m}" if since else ""
    return say("cli.unit_questions.is_gone", who=who, when=when, why=_WHY)


def _looks(question: Mapping[str, Any]) -> str:
    if question["kind"] not in {"left", "ended"}:
        return ""
    names = question["heir_names"]
    if not names:
        return say("cli.unit_questions.nobody_took_over")
    what = _LOOKS_LIKE.get(question["looks_like"] or "")
    return (
        say("cli.unit_questions.looks_like", what=what, names=names)
        if what
        else say("cli.unit_questions.several_took_over", names=names)
    )


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
