"""An Atom feed as a file (RFC 4287): what a news reader or a mail rule can follow. Texts in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

_NAMESPACE = "http://www.w3.org/2005/Atom"
_ISSUER = "tag:pukk,2026:"


@dataclass(frozen=True)
class Entry:
    """One piece of news.

    Attributes:
        key: What it is known by; the same for the same news, so that it is read once.
        title: Whose it is and what group of news it belongs to.
        text: The sentence.
    """

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Feed:
    """What the news is of.

    Attributes:
        key: What the feed is known by: the municipality and the edition.
        title: The feed's title.
        author: Whose news it is.
        updated: When the edition was published.
        language: The texts' language.
    """

    key: str
    title: str
    author: str
    updated: datetime
    language: str


def to_atom(of: Feed, entries: Iterable[Entry]) -> bytes:
    """Return the feed as UTF-8.

    Args:
        of: What it is of.
        entries: The news.
    """
    at = of.updated.astimezone(UTC).isoformat(timespec="seconds")
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": of.language})
    SubElement(feed, "id").text = f"{_ISSUER}{of.key}"
    SubElement(feed, "title").text = of.title
    SubElement(feed, "updated").text = at
    SubElement(SubElement(feed, "author"), "name").text = of.author
    for each in entries:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = f"{_ISSUER}{of.key}/{each.key}"
        SubElement(entry, "title").text = each.title
        SubElement(entry, "updated").text = at
        SubElement(entry, "content", {"type": "text"}).text = each.text
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))
