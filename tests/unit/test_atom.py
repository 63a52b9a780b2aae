"""A feed is one any reader of Atom understands, whatever stands in the texts."""

from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

from pipelines.desk.atom import Entry, Feed, to_atom

ATOM = "{http://www.w3.org/2005/Atom}"


def test_what_stands_in_a_text_stays_a_text_and_every_entry_is_known_by_its_key() -> None:
    feed = Feed("m/2", "Nytt <b>", "Kommunen & co", datetime(2026, 11, 30, 2, 0, tzinfo=UTC), "nb")
    written = to_atom(feed, [Entry("verdict/u1", "Gimle: Nytt", "7,0 < 7,4 & mer")])
    found = fromstring(written)  # noqa: S314 - our own file
    assert found.tag == f"{ATOM}feed"
    assert found.findtext(f"{ATOM}title") == "Nytt <b>"
    assert found.findtext(f"{ATOM}updated") == "2026-11-30T02:00:00+00:00"
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "Kommunen & co"
    (entry,) = found.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:pukk,2026:m/2/verdict/u1"
    assert entry.findtext(f"{ATOM}content") == "7,0 < 7,4 & mer"
