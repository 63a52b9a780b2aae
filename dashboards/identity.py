"""Who a signed-in reader is: what of a token is held against the access table, and in what form.

A reader is known by the provider's issuer together with ``sub``, or with Entra ID's ``oid``; by an
address only when the provider says, with a true ``true``, that it has verified it. What a line then
gives is in ``access``; whether the token is genuine was decided at the login (``provider``).
"""

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

ADDRESS, SUBJECT, OBJECT = "email", "sub", "oid"
_PREFIXES = {f"{SUBJECT}:": SUBJECT, f"{OBJECT}:": OBJECT}


class Key(NamedTuple):
    """One way of naming somebody.

    Attributes:
        kind: ``email``, ``sub`` or ``oid``.
        value: In the form that is compared.
    """

    kind: str
    value: str


def key_of_line(subject: str) -> Key | None:
    """Return what a line of the access table names; ``None`` when it names nobody.

    Args:
        subject: ``oid:…``, ``sub:…``, an address, or a bare subject.
    """
    for prefix, kind in _PREFIXES.items():
        if subject.lower().startswith(prefix):
            value = subject[len(prefix) :].strip()
            return _key(kind, value.lower() if kind == OBJECT else value)
    if "@" in subject:
        address = same_address(subject)
        return Key(ADDRESS, address) if address else None
    return _key(SUBJECT, subject)


def keys_of_claims(claims: Mapping[str, object]) -> frozenset[Key]:
    """Return every key a token proves.

    Args:
        claims: The identity token's claims, already verified.
    """
    found = {_key(SUBJECT, _text(claims, "sub"))}
    # an object id means something in its own directory alone, and the issuer is that directory
    directory = _text(claims, "tid").lower()
    if directory and directory in _text(claims, "iss").lower().split("/"):
        found.add(_key(OBJECT, _text(claims, "oid").lower()))
    # an address that the provider has not verified may have been typed in by its owner
    if claims.get("email_verified") is True:
        address = same_address(_text(claims, "email"))
        found.add(Key(ADDRESS, address) if address else None)
    return frozenset(key for key in found if key is not None)


def name_in_log(claims: Mapping[str, object]) -> str:
    """Return what the log calls somebody who is let in to nothing: never an unproven address.

    Args:
        claims: The identity token's claims.
    """
    keys = {key.kind: key.value for key in keys_of_claims(claims)}
    for kind in (OBJECT, SUBJECT):
        if kind in keys and ADDRESS not in keys:
            return f"{kind}:{keys[kind]}"
    return keys.get(ADDRESS, "")


def same_address(text: str) -> str | None:
    """Return an address in the form that is compared; ``None`` when it is not to be trusted.

    Upper and lower case are the same. A letter that only looks like another, or that becomes an
    ordinary one when it is normalised (the Kelvin sign becomes K), is never that other letter.

    Args:
        text: An address.
    """
    text = text.strip()
    if any(not c.isascii() and unicodedata.normalize("NFC", c).isascii() for c in text):
        return None
    name, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    is_one = bool(name and at and domain) and "@" not in name
    if not is_one or any(c.isspace() or not c.isprintable() for c in text):
        return None
    return "".join(map(_small, f"{name}@{domain}"))


def _small(letter: str) -> str:
    # a capital whose small letter is written with an ordinary one (İ) stays what it is
    small = letter.lower()
    return small if letter.isascii() or not small[0].isascii() else letter


def _key(kind: str, value: str) -> Key | None:
    return Key(kind, value) if value else None


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
