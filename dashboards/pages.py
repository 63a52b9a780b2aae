"""The table of contents: one line per page, with its code in the address and who may open it.

A new page is one view, its words in both catalogues, and one line here (see README.md).
"""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards.access import EVERYONE, WHOLE_MUNICIPALITY, Role
from dashboards.context import Context
from dashboards.views import (
    accessibility,
    ask,
    economy,
    gains,
    method,
    overview,
    pilots,
    pitfalls,
    quality,
    rollout,
    unit,
)


@dataclass(frozen=True)
class Page:
    """One page of the dashboard.

    Attributes:
        code: In the address; never changes, so that links keep working.
        title_key: Key of its title in the catalogues.
        roles: Who may open it; for others it does not exist.
        show: Draws it.
    """

    code: str
    title_key: str
    roles: frozenset[Role]
    show: Callable[[Context], None]


PAGES = (
    Page("oversikt", "page_overview", EVERYONE, overview.show),
    Page("enhet", "page_unit", EVERYONE, unit.show),
    Page("piloter", "page_pilots", WHOLE_MUNICIPALITY | {Role.SECTOR_DIRECTOR}, pilots.show),
    Page("gevinster", "page_gains", EVERYONE, gains.show),
    Page("utrulling", "page_rollout", EVERYONE, rollout.show),
    Page("fallgruver", "page_pitfalls", EVERYONE, pitfalls.show),
    Page("okonomi", "page_economy", EVERYONE, economy.show),
    # asks over all units' rows, so never for a reader who is limited to some
    Page("sporselv", "page_ask", WHOLE_MUNICIPALITY, ask.show),
    Page("datakvalitet", "page_quality", WHOLE_MUNICIPALITY, quality.show),
    Page("metode", "page_method", EVERYONE, method.show),
    Page("tilgjengelighet", "page_accessibility", EVERYONE, accessibility.show),
)
