"""That figures rest on something a person released, said wherever they show.

Who released it, and why, is in ``released``.
"""

from datetime import UTC, date, datetime

from dashboards.context import Context
from pipelines.words.numbers import in_oslo


def notice(context: Context) -> str:
    """Return that figures rest on something released, for every page and report; empty if none."""
    if not context.present("mart_edition", ("n_released",)):
        return ""
    (edition,) = context.rows("mart_edition", ("n_released", "release_expires_on"))
    if not edition["n_released"]:
        return ""
    day = edition["release_expires_on"]
    said = [context.t("released_notice", n=context.number(edition["n_released"]))]
    if day is not None:
        until = context.day(day)
        said.append(
            context.t("released_expired", day=until)
            if day < _today()
            else context.t("released_until", day=until)
        )
    return " ".join(said)


def _today() -> date:
    return in_oslo(datetime.now(UTC)).date()
