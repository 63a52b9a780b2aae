"""The one message of a night: what failed and what to do, what is missing, what is new.

By cause and not by check: forty checks that fail for one file are one line. In the municipality's
language; what the program itself said of a failure stands as it said it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from pipelines.notices.facts import Cause, Facts
from pipelines.words.catalogue import text
from pipelines.words.numbers import day, moment, number

_NAMES = 3


def night_message(facts: Facts, today: date, n_waiting: int = 0) -> tuple[str, str]:
    """Return subject and text.

    Args:
        facts: What has happened.
        today: The day it is about.
        n_waiting: Earlier messages that are not delivered yet.
    """
    language = facts.language
    n_amiss = sum(map(len, (facts.failed, facts.rejected, facts.held, facts.missing)))
    how = "amiss" if n_amiss else "new" if facts.published else "quiet"
    subject = text(
        f"notice.subject.{how}",
        language,
        name=facts.name,
        day=day(today, language),
        n=number(n_amiss, 0, language),
    )
    parts = [
        *_caused("failed", facts.failed, language),
        *_caused("rejected", facts.rejected, language),
        *_caused("held", facts.held, language),
        *_missing(facts),
        *_news(facts),
    ]
    if n_waiting:
        parts.append(text("notice.waiting", language, n=number(n_waiting, 0, language)))
    return subject, "\n\n".join(parts) + "\n"


def late_message(facts: Facts, hours: int) -> tuple[str, str]:
    """Return subject and text of the alarm that no run has ended well for too long.

    Args:
        facts: What is known.
        hours: How long is too long.
    """
    language = facts.language
    last = moment(facts.last_success, language) if facts.last_success else "-"
    words = {"name": facts.name, "hours": number(hours, 0, language), "last": last}
    body = [text("notice.late", language, **words), *_caused("failed", facts.failed, language)]
    return text("notice.subject.late", language, **words), "\n\n".join(body) + "\n"


def _caused(kind: str, causes: Sequence[Cause], language: str) -> Iterator[str]:
    if not causes:
        return
    lines = [text(f"notice.{kind}", language)]
    for cause in causes:
        names, more = ", ".join(cause.names[:_NAMES]), len(cause.names) - _NAMES
        shown = (
            text("notice.and_more", language, names=names, more=number(more, 0, language))
            if more > 0
            else names
        )
        lines += [f"- {shown}", *(f"  {line}" for line in cause.said.splitlines() if line.strip())]
    yield "\n".join(lines)


def _missing(facts: Facts) -> Iterator[str]:
    if not facts.missing:
        return
    language = facts.language
    lines = [text("notice.missing", language)]
    for feed in facts.missing:
        lines.append(
            text(
                "notice.missing_feed",
                language,
                feed=feed.feed_id,
                last=day(feed.last, language),
                step=number(feed.step_days, 0, language),
                due=day(feed.due, language),
            )
        )
    yield "\n".join(lines)


def _news(facts: Facts) -> Iterator[str]:
    language = facts.language
    lines = []
    for each in facts.brought:
        lines.append(
            text(
                "notice.brought",
                language,
                feed=each.feed_id,
                files=number(each.n_files, 0, language),
                rows=number(each.rows_loaded, 0, language),
                aside=number(each.rows_quarantined, 0, language),
            )
        )
    if facts.published:
        lines.append(text("notice.edition", language, number=str(facts.published[-1])))
    if facts.is_busy:
        lines.append(text("notice.busy", language))
    elif not facts.nights:
        lines.append(text("notice.no_run", language))
    elif not lines:
        lines.append(text("notice.nothing_new", language))
    yield "\n".join([text("notice.new", language), *lines])
