"""The codes an address is made of; what they mean for a page is in ``dashboards.components.links``.

Here because the server reads them before any page is drawn: what waits through a login, and which
path is no page at all.
"""

# what is chosen on a page, in the order it stands in the address
CHOICES = (
    "enhet", "maltall", "diagram", "sektor", "gruppert", "ar", "enhetsar", "maned", "tabell",
    "utgave",
)  # fmt: skip
EDITION = "utgave"
# said on every page once chosen; the others where the page asks for them
CARRIED = frozenset({"enhet", "maltall", EDITION})
LANGUAGE = "lang"
PAGE = "side"
# a path that is no page, carried to the first page, which says so
UNKNOWN = "ukjent"
# the first page has no path of its own
FRONT_PAGE = "oversikt"
