"""A start announced before it begins, so that it can be seen who announced and never told."""

from datetime import UTC, date, datetime
from typing import Literal

from pipelines.contracts.times import months_after
from pipelines.desk.access_log import head, last_of
from pipelines.desk.events import log_event
from pipelines.errors import ConfigError
from pipelines.evidence.edition import Edition, Metric
from pipelines.evidence.issued import keep_announced, read_issued
from pipelines.evidence.pack import Registered, definition_hash
from pipelines.settings import Paths
from pipelines.words.messages import say

DRAWN_SUBJECT = "start_order"
"""What a drawn order is called in the log."""


def announce_start(  # noqa: PLR0913 - what a start is, and who announces it
    paths: Paths,
    edition: Edition,
    *,
    metric_id: str,
    first_start: str,
    n_units: int,
    service_type: str,
    is_drawn: bool,
    now: datetime | None = None,
) -> Registered:
    """Announce a start in the log and keep it for the next pack.

    Args:
        paths: The municipality's folders.
        edition: What is published: the metric is one of its own.
        metric_id: What the start is to better.
        first_start: The month of the first start, ``YYYY-MM``.
        n_units: Units that are to start.
        service_type: ``all`` or one kind.
        is_drawn: The order was drawn by lot.
        now: When it is announced.

    Raises:
        ConfigError: The month has begun, the metric or the kind is none, there are not so many
            units, nothing was drawn, or the start is announced already.
    """
    moment = now or datetime.now(UTC)
    metric = _metric(edition, metric_id)
    sha256 = definition_hash(metric.definition)
    month = _month(first_start, moment.date())
    _check_units(edition, service_type, n_units)
    drawn = last_of(paths.state, "draw", DRAWN_SUBJECT)
    if is_drawn and (drawn is None or "seed=" not in drawn["detail"]):
        raise ConfigError(
            say("evidence.announcing.not_drawn"), way_out=say("evidence.announcing.draw_first")
        )
    key = (sha256, service_type, month.isoformat())
    if key in {_key(one) for one in read_issued(paths).announced}:
        raise ConfigError(
            say("evidence.announcing.is_announced"),
            where=f"{metric_id}, {service_type}, {month:%Y-%m}",
            way_out=say("evidence.announcing.send_it"),
        )
    order: Literal["drawn", "chosen"] = "drawn" if is_drawn else "chosen"
    log_event(
        paths.state, "announce", f"evidence:{metric_id}", n_rows=n_units,
        detail=f"sha256:{sha256} type={service_type} first={month:%Y-%m} order={order}",
    )  # fmt: skip
    made = Registered(
        definition_sha256=sha256,
        service_type=service_type,
        first_start_month=month.isoformat(),
        n_units=n_units,
        start_order=order,
        locked_at=moment.isoformat(timespec="seconds"),
        log_entry_sha256=head(paths.state).partition(":")[2],
    )
    keep_announced(paths, made, metric.definition)
    return made


def _key(one: Registered) -> tuple[str, str, str]:
    return one.definition_sha256, one.service_type, one.first_start_month


def _metric(edition: Edition, metric_id: str) -> Metric:
    known = {metric.metric_id: metric for metric in edition.metrics}
    if metric_id not in known:
        raise ConfigError(
            say("evidence.announcing.no_such_metric"),
            where=metric_id,
            way_out=say("evidence.announcing.choose_among", metrics=", ".join(sorted(known))),
        )
    return known[metric_id]


def _check_units(edition: Edition, service_type: str, n_units: int) -> None:
    """Refuse a start that no unit here could make: what is announced is never altered."""
    if service_type not in edition.n_units:
        raise ConfigError(
            say("evidence.announcing.no_such_kind"),
            where=service_type,
            way_out=say(
                "evidence.announcing.choose_kind", kinds=", ".join(sorted(edition.n_units))
            ),
        )
    n_open = edition.n_units[service_type]
    if n_units > n_open:
        raise ConfigError(
            say("evidence.announcing.not_so_many", n_open=n_open),
            where=f"{service_type}, --units {n_units}",
            way_out=say("evidence.announcing.those_that_start"),
        )


def _month(told: str, today: date) -> date:
    later = months_after(today, 1)
    try:
        month = date.fromisoformat(f"{told}-01")
    except ValueError as error:
        raise ConfigError(
            say("evidence.announcing.is_no_month"),
            where=told,
            way_out=say("evidence.announcing.write_month_so", month=f"{later:%Y-%m}"),
        ) from error
    if month <= today:
        raise ConfigError(
            say("evidence.announcing.has_begun"),
            where=told,
            way_out=say("evidence.announcing.say_a_later_month", month=f"{later:%Y-%m}"),
        )
    return month
