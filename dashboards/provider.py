"""The login's provider: which settings are safe to start with, and which tokens are taken.

Streamlit signs people in through Authlib, which checks signature, times, nonce and the issuer the
provider itself says it is. What it leaves open is closed here: whom the token is for, the issuer we
expect, and how it is signed. Who a token lets in is in ``identity`` and ``access``.
"""

import base64
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.desk.addresses import is_loopback
from pipelines.desk.private_files import why_refused
from pipelines.words.messages import say

ALGORITHMS = frozenset(
    {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"}
)
"""Signed with a key that only the provider has: never ``none``, never a secret both sides know."""
GIVEN_TO_STREAMLIT = (
    *("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"),
    "client_kwargs",
)
_WANTED = GIVEN_TO_STREAMLIT[:5]
_SECRET_LENGTH = 32
_DISCOVERY = "/.well-known/openid-configuration"
_ANY_TENANT = frozenset({"common", "organizations", "consumers"})


class UnsafeStartError(SystemExit):
    """The server would be reachable by others without a login."""


class UntrustedTokenError(Exception):
    """A token that is not to be trusted, whatever its signature says."""


@dataclass(frozen=True)
class Provider:
    """What every token must say.

    Attributes:
        issuers: The issuer, as it may be written.
        client_id: Whom tokens are for.
    """

    issuers: tuple[str, ...]
    client_id: str

    @classmethod
    def of(cls, auth: Mapping[str, Any]) -> "Provider":
        """Return the provider of a login's settings.

        Args:
            auth: ``[auth]`` of ``PUKK_AUTH``; ``issuer`` when it is not the discovery's address.
        """
        given = str(auth.get("issuer") or "")
        start = str(auth["server_metadata_url"]).removesuffix(_DISCOVERY)
        return cls((given,) if given else (start, f"{start}/"), str(auth["client_id"]))

    def issued(self, claims: Mapping[str, object]) -> bool:
        """Return whether claims come from this provider and are meant for us.

        Args:
            claims: The identity token's claims.
        """
        audience, party = claims.get("aud"), claims.get("azp")
        audiences = audience if isinstance(audience, list) else [audience]
        is_ours = self.client_id in audiences and party in (None, self.client_id)
        # said to be for others too, it must say that it was given to us
        is_ours &= len(audiences) == 1 or party == self.client_id
        return is_ours and claims.get("iss") in self.issuers


def login_settings(file: str | None) -> dict[str, Any]:
    """Return Streamlit's secrets for the login; empty when there is no login.

    Args:
        file: TOML with ``[auth]``: ``redirect_uri``, ``cookie_secret``, ``client_id``,
            ``client_secret``, ``server_metadata_url``, and ``issuer`` when it is another than
            the discovery's address says.

    Raises:
        UnsafeStartError: The file is missing, unreadable, incomplete or readable by others, or
            would let in others than it should.
    """
    if not file:
        return {}
    try:
        why = why_refused(Path(file))
        auth = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("auth", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnsafeStartError(say("site.provider.cannot_be_read", file=file)) from error
    missing = [key for key in _WANTED if not auth.get(key)]
    if missing:
        raise UnsafeStartError(say("site.provider.lacks", file=file, missing=", ".join(missing)))
    if len(str(auth["cookie_secret"])) < _SECRET_LENGTH:
        raise UnsafeStartError(
            say(
                "site.provider.cookie_secret_too_short",
                file=file,
                secret_length=_SECRET_LENGTH,
            )
        )
    why = why or why_unsafe(auth)
    if why:
        raise UnsafeStartError(f"PUKK_AUTH ({file}): {why}")
    return {"auth": auth}


def why_unsafe(auth: Mapping[str, Any]) -> str | None:
    """Say in bokmål why nobody should sign in with these settings; ``None`` when they may.

    Args:
        auth: ``[auth]`` of ``PUKK_AUTH``, complete.
    """
    for name in ("server_metadata_url", "redirect_uri"):
        parts = urlsplit(str(auth[name]))
        if parts.scheme != "https" and not is_loopback(parts.hostname):
            return say("site.provider.must_begin_with_https", name=name)
    address = str(auth["server_metadata_url"])
    if not auth.get("issuer") and not address.endswith(_DISCOVERY):
        return say("site.provider.must_end_with_discovery", discovery=_DISCOVERY)
    if _ANY_TENANT & set(urlsplit(address).path.split("/")):
        return say("site.provider.lets_everybody_in")
    if (auth.get("client_kwargs") or {}).get("verify") is False:
        return say("site.provider.certificate_not_checked")
    return None


def check_tokens(provider: Provider) -> None:
    """Have every token of a login checked for what Authlib leaves open; done once, at the start.

    Streamlit has no hook where a token is read, so Authlib's own step is wrapped.

    Args:
        provider: What every token must say.
    """
    from authlib.integrations.base_client.async_openid import (  # type: ignore[import-untyped] # has no types
        AsyncOpenIDMixin,
    )

    original = AsyncOpenIDMixin.parse_id_token

    @wraps(original)
    async def checked(self: object, token: dict[str, Any], nonce: str, **rest: object) -> object:
        if not nonce or algorithm_of(str(token.get("id_token"))) not in ALGORITHMS:
            raise UntrustedTokenError("nonce or algorithm")
        claims = await original(self, token, nonce, **rest)
        if claims is None or not provider.issued(claims):
            raise UntrustedTokenError("issuer or audience")
        return claims

    AsyncOpenIDMixin.parse_id_token = checked


def algorithm_of(token: str) -> str:
    """Return how a token says it is signed; empty when it says nothing that can be read.

    Args:
        token: A signed token as it came.
    """
    first = token.partition(".")[0]
    try:
        told = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError:
        return ""
    return str(told.get("alg", "")) if isinstance(told, dict) else ""
