"""Every frame a real server sends a reader of one unit, page by page, taken apart.

What a browser draws is a choice; what it was sent can be read by whoever opens its tools.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.access import Role
from dashboards.pages import PAGES
from tests.conftest import REPO
from tests.e2e.conftest import OpenPage, drawn
from tests.e2e.login import HEADER, House, opened_house, sign_in
from tests.e2e.told_frames import as_said, listened, numbers, texts
from tests.published import published, warehouse

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.integration

MOST_HIDDEN = """
select group_id from fct_metric_months where level = 'unit' and suppression_reason is not null
    and metric_id = 'sick_leave_pct' group by group_id order by count(*) desc, group_id limit 1
"""
FIGURES = "metric_id, month, value, numerator, denominator"
PEOPLE = "select distinct person_id from hr.positions union select person_id from sick_leave.spells"
METRICS = ("sick_leave_short_pct", "overtime_pct")
CLOSED = "sporselv"
# a unit may be called what a sector is called
NAMED = "select sector from dim_units union select name from mart_municipality"
A_SERIES = 2
"""So many figures of one metric of one unit on one page are that unit's, and no chance."""


@dataclass
class Sent:
    """Every frame sent to a reader of one unit, by page."""

    unit: str
    pages: dict[str, list[bytes]]

    @property
    def every(self) -> Iterator[bytes]:
        return (frame for frames in self.pages.values() for frame in frames)


@pytest.fixture(scope="module")
def house(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("sent")
    with opened_house(example_home / "vestre_toten" / "published", folder) as opened:
        yield opened


# a unit like most, and the one that hides most
@pytest.fixture(scope="module", params=["u0312", ""])
def unit(request: pytest.FixtureRequest, example_home: Path) -> str:
    return str(request.param or published(example_home, MOST_HIDDEN)[0][0])


_SENT: dict[str, Sent] = {}


@pytest.fixture
def sent(house: House, open_page: OpenPage, reader: "BrowserContext", unit: str) -> Sent:
    if unit not in _SENT:
        _SENT[unit] = everything_sent(house, open_page, reader, unit)
    return _SENT[unit]


def everything_sent(house: House, open_page: OpenPage, reader: "BrowserContext", unit: str) -> Sent:
    """Sign in as the unit's leader; open every page with its folds open, and one that is closed."""
    house.table.write_text(f"{HEADER}{unit}@example.no;enhetsleder;{unit};;;\n", encoding="utf-8")
    frames = listened(reader)
    page = sign_in(house, open_page, reader, f"{unit}@example.no", "/?lang=nb")
    found = {"login": list(frames)}
    codes = [page.code for page in PAGES if Role.UNIT_LEADER in page.roles]
    assert CLOSED not in codes
    links = [f"{code}?enhet={unit}" for code in (*codes, CLOSED)]
    links += [f"enhet?enhet={unit}&maltall={metric}" for metric in METRICS]
    for link in links:
        frames.clear()
        page.goto(f"{house.url}/{link}&lang=nb&apnet=alt")
        drawn(page)
        found[link] = list(frames)
    assert all(found.values())
    return Sent(unit, found)


def test_no_page_is_told_what_another_unit_is_called(example_home: Path, sent: Sent) -> None:
    units = dict(published(example_home, "select unit_id, unit_name from dim_units"))
    known = {name for row in published(example_home, NAMED) for name in row}
    told = [text for row in published(example_home, "from mart_facts") for text in map(str, row)]
    others = {
        name
        for unit, unit_name in units.items()
        for name in (unit, unit_name)
        if unit != sent.unit and name not in known and not any(name in text for text in told)
    }
    assert len(others) > len(units)
    whole = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(others, key=len)[::-1]))})(?!\w)"
    )
    found = {
        (link, name)
        for link, frames in sent.pages.items()
        for frame in frames
        for text in texts(frame)
        for name in whole.findall(text)
    }
    assert found == set()
    # the reader's own is there to be found by the same way of looking
    assert any(units[sent.unit] in text for frame in sent.every for text in texts(frame))


def test_no_page_is_told_the_figures_of_another_unit(example_home: Path, sent: Sent) -> None:
    sql = f"select group_id, level, {FIGURES} from fct_metric_months"
    whose: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for group, level, metric, _, *values in published(example_home, sql):
        for value in values:
            if value is not None and (said := as_said(value)):
                whose[said].add((metric, group if level == "unit" else level))
    # three of nine is so in every unit: such a number is nobody's
    one = {said: next(iter(found)) for said, found in whose.items() if len(found) == 1}
    told: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for link, frames in sent.pages.items():
        for number in frozenset().union(*map(numbers, frames)) & one.keys():
            told[link, *one[number]].add(number)
    series = {key: len(found) for key, found in told.items() if len(found) >= A_SERIES}
    groups = {group for *_, group in series}
    assert groups - {sent.unit, "sector", "municipality"} == set(), series
    # and it is no blind eye: what is shown is seen
    assert groups & {sent.unit, "municipality"}


def test_no_page_is_told_what_a_hidden_cell_holds(example_home: Path, sent: Sent) -> None:
    own = f"group_id = '{sent.unit}' and level = 'unit'"
    rows = published(example_home, f"select {FIGURES} from fct_metric_months where {own}")
    shown = {(metric, month) for metric, month, value, *_ in rows if value is not None}
    known = {as_said(value) for row in rows for value in row[2:] if value is not None}
    true = f"select {FIGURES} from intermediate.int_metric_months where unit_id = '{sent.unit}'"
    hidden = {
        said
        for metric, month, *values in warehouse(example_home, true)
        if (metric, month) not in shown
        for value in values
        if value is not None and (said := as_said(value)) and said not in known
    }
    assert len(hidden) > 100
    told = frozenset().union(*map(numbers, sent.every))
    assert told & hidden == set()


def test_no_page_is_told_of_a_person_or_where_on_the_machine_it_lies(
    house: House, example_home: Path, sent: Sent
) -> None:
    people = {person for (person,) in warehouse(example_home, PEOPLE)}
    words = {
        word
        for frame in sent.every
        for text in texts(frame)
        for word in re.findall(r"p_[0-9a-f]+", text)
    }
    assert len(people) > 100
    assert words & people == set()
    places = {str(REPO), str(house.folder), sys.prefix, os.uname().nodename, sys.version.split()[0]}
    found = {
        (link, place)
        for link, frames in sent.pages.items()
        for place in places
        if any(place.encode() in frame for frame in frames)
    }
    assert found == set()
