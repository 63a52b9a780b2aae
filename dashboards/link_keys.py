"""The codes an address is made of; what they mean for a page is in ``dashboards.components.links``.

Here because the server reads them before any page is drawn: what waits through a login, and which
path is no page at all.
"""

from collections.abc import Mapping

# what is chosen on a page, in the order it stands in the address
CHOICES = (
    "enhet", "maltall", "diagram", "sektor", "gruppert", "ar", "enhetsar", "maned", "tabell",
    "klasse", "sortert", "trykk", "fane", "gruppe", "enheter", "hvem",
    "mot", "apnet", "utgave", "visning",
)  # fmt: skip
EDITION = "utgave"
# every part of a page that is otherwise a line is open
OPENED = "apnet"
ALL_OPEN = "alt"
# another way to see the same page: the board on a wall
VIEW = "visning"
BOARD = "tavle"
# said on every page once chosen; the others where the page asks for them
CARRIED = frozenset({"enhet", "maltall", EDITION})
LANGUAGE = "lang"
PAGE = "side"
# a path that is no page, carried to the first page, which says so
UNKNOWN = "ukjent"
# where a page lies now that lay elsewhere before, and what is chosen there
MOVED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "piloter": ("gruppe", {"gruppe": "piloter"}),
    "okonomi": ("gruppe", {"gruppe": "alle", "fane": "okonomi"}),
    "metode": ("omtallene", {}),
    "tilgjengelighet": ("omtallene", {}),
    "fallgruver": ("status", {"fane": "fallgruver"}),
    "datakvalitet": ("data", {}),
}
