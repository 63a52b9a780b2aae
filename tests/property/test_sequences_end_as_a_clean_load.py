"""Any sequence of deliveries, corrections, decisions and losses ends as one clean load would.

What a clean load gives is what counts in the end, delivered once each, in the order it first came.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.ingest.run import IngestContext
from tests.ingest_fixture import CONTRACTS, House, ingest_all, position, positions
from tests.ops_tables import list_deliveries

MONTHS = ("01", "02", "03")
LEDGER = "Ansvar;Konto;Periode;Regnskap\n"


@dataclass
class Told:
    """One content that was delivered: its file, and whether it counts."""

    name: str
    text: str
    delivery_id: str
    counts: bool


@dataclass
class Story:
    """A house, and what should have become of everything that was delivered to it."""

    house: House
    told: list[Told] = field(default_factory=list)

    def deliver(self, name: str, text: str, *, hold: bool) -> None:
        self.house.drop(name, text)
        ctx = self.house.context()
        results = ingest_all(
            IngestContext(ctx.municipality, ctx.contracts, ctx.paths, ctx.key, ctx.con, hold=hold)
        )
        (result,) = [result for result in results if result.file_name == name]
        assert result.status == ("held" if hold else "loaded"), result.reason_nb
        self.told.append(Told(name, text, result.delivery_id, counts=not hold))

    def decide(self, action, which: int) -> None:
        able = [each for each in self.told if each.counts == (action == "withdraw")]
        if able:
            chosen = able[which % len(able)]
            decide_delivery(
                self.house.con, self.house.paths, action, chosen.delivery_id, "Prøvd.", "kari"
            )
            chosen.counts = action == "accept"

    def deliver_again(self, which: int) -> None:
        """The same content under another name changes nothing, whatever was decided about it."""
        if self.told:
            chosen = self.told[which % len(self.told)]
            before = everything(self.house)
            self.house.drop(f"kopi{len(chosen.name)}{which}/{chosen.name}", chosen.text)
            self.house.ingest()
            assert everything(self.house) == before

    def read_otherwise(self, pct: int) -> None:
        """A changed setting has everything that still lies in the inbox read again."""
        before = everything(self.house)
        self.house.change_feed("hr", 0, max_quarantined_pct=pct)
        self.house.ingest()
        assert everything(self.house) == before

    def forget_raw_files(self) -> None:
        for file in self.house.paths.inbox.glob("**/*_v*"):
            file.unlink()

    def lose(self, how: str) -> None:
        before = everything(self.house)
        self.house.con.close()
        if how == "warehouse":
            self.house.paths.warehouse.unlink()
        elif how == "store":
            for file in self.house.paths.records.iterdir():
                file.unlink()
        if how == "nothing":
            rebuild(self.house.paths, CONTRACTS)
        else:
            assert make_sound(self.house.paths, CONTRACTS, thorough=True)
        self.house = House(self.house.folder.parent)
        assert everything(self.house) == before


def everything(house):
    return {name: rows_of(house, name) for name in ("hr.positions", "ledger.entries")}


def rows_of(house, name):
    """Return a table's rows without the numbers deliveries happened to get."""
    return house.con.sql(f"select * exclude (delivery_id) from {name} order by all").fetchall()


def content(number: int, months: list[str]) -> tuple[str, str]:
    """Return a file's name and text; no two numbers give the same text."""
    if number % 2:
        lines = [position(str(n), pct=f"{number},00") for n in range(1, 7)]
        return f"stillinger_2012-{months[0]}_v{number}.csv", positions(*lines)
    lines = [f"3120;10100;2012{month};{number}{month}\n" for month in months]
    return f"regnskap_v{number}.csv", LEDGER + "".join(lines)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["deliver", "deliver", "hold"]),
            st.lists(st.sampled_from(MONTHS), min_size=1, max_size=3, unique=True),
            st.integers(0, 1),
        ),
        st.tuples(st.sampled_from(["withdraw", "accept", "again"]), st.integers(0, 5)),
        st.tuples(st.just("lose"), st.sampled_from(["warehouse", "store", "nothing"])),
        st.tuples(st.just("reread"), st.integers(20, 40)),
        st.tuples(st.just("forget")),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_ends_as_a_clean_load_of_what_counts(steps):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(House.build(Path(folder) / "levd"))
        for number, (kind, *rest) in enumerate(steps, start=10):
            if kind in {"deliver", "hold"}:
                months, feed = rest
                name, text = content(2 * number + feed, sorted(months))
                story.deliver(name, text, hold=kind == "hold")
            elif kind in {"withdraw", "accept"}:
                story.decide(kind, rest[0])
            elif kind == "again":
                story.deliver_again(rest[0])
            elif kind == "lose":
                story.lose(rest[0])
            elif kind == "reread":
                story.read_otherwise(rest[0])
            else:
                story.forget_raw_files()
        clean = House.build(Path(folder) / "ren")
        for each in story.told:
            if each.counts:
                assert clean.take(each.name, each.text).status == "loaded"
        assert everything(story.house) == everything(clean)
        in_force = list_deliveries(story.house.con).filter(status="loaded")["delivery_id"]
        assert len(in_force) == len(list_deliveries(clean.con).filter(status="loaded"))
        story.house.con.close()
        clean.con.close()
