"""The table of contents: each page with its code in the address and who may open it.

A page with a place of its own among the others is a line here. A new one is a view that says itself
what its address is and who may open it (``docs/add_a_page.md``): it stands last in the menu, and
nothing is written here.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from dashboards import views
from dashboards.access import DELIVERING, EVERYONE, WHOLE_MUNICIPALITY, Role, Scope
from dashboards.context import Context
from dashboards.views import (
    about,
    ask,
    explain,
    follow_up,
    gains,
    group,
    news,
    overview,
    quality,
    rollout,
    served,
    status,
    trying,
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
        is_in_menu: Whether it has a place in the menu, or is met where it is spoken of.
    """

    code: str
    title_key: str
    roles: frozenset[Role]
    show: Callable[[Context], None]
    is_in_menu: bool = True


_PLACED = (
    Page("oversikt", "page_overview", EVERYONE, overview.show),
    Page("status", "page_status", EVERYONE, status.show),
    Page("enhet", "page_unit", EVERYONE, unit.show),
    Page("gruppe", "page_group", EVERYONE, group.show),
    Page("oppfolging", "page_follow_up", EVERYONE, follow_up.show),
    Page("gevinster", "page_gains", EVERYONE, gains.show),
    Page("utrulling", "page_rollout", EVERYONE, rollout.show),
    Page("data", "page_quality", WHOLE_MUNICIPALITY, quality.show),
    Page("hvem", "page_served", EVERYONE, served.show, is_in_menu=False),
    # asks over all units' rows, so never for a reader who is limited to some
    Page("sporselv", "page_ask", WHOLE_MUNICIPALITY, ask.show),
    # met on the page about the data, by those who see to the deliveries
    Page("prov", "page_try", DELIVERING, trying.show, is_in_menu=False),
    # met beside a figure: the unit must be the reader's own
    Page("forklar", "page_explain", EVERYONE, explain.show, is_in_menu=False),
    Page("nytt", "page_news", EVERYONE, news.show, is_in_menu=False),
    Page("omtallene", "page_about", EVERYONE, about.show, is_in_menu=False),
)


def stated_pages(package: ModuleType = views) -> Iterator[Page]:
    """Yield the pages that say themselves what they are, by the names of their modules.

    Args:
        package: Whose modules. One that has ``CODE`` and ``READERS`` is a page; its title is the
            word ``page_<module>``.
    """
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        if hasattr(module, "CODE"):
            yield Page(module.CODE, f"page_{found.name}", module.READERS, module.show)


PAGES = (*_PLACED, *stated_pages())


def first_page(scope: Scope, n_units: int) -> str:
    """Return the code of the page a reader starts on.

    Args:
        scope: The reader's.
        n_units: How many units they may see.
    """
    if scope.is_everything or not n_units:
        return "oversikt"
    if n_units == 1:
        return "enhet"
    return "gruppe" if scope.sectors else "oversikt"
