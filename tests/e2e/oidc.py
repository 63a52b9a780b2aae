"""A small real OpenID Connect provider for tests: discovery, code, token, keys."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "pukk"
CLIENT_KEY = "only-for-the-tests"


def new_key(name: str) -> RSAKey:
    """Return a key of its own with a name of its own."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def _part(content: dict[str, object]) -> str:
    return _text(json.dumps(content).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Provider:
    """Signs in whoever ``email`` says, without asking."""

    def __init__(self) -> None:
        self.email = ""
        self.claims: dict[str, object] = {}
        self.key = new_key("test")
        # what signs, and how; usually the key that is published
        self.signs: RSAKey | bytes | None = None
        self.header: dict[str, object] = {}
        self.algorithms = ["RS256"]
        self.seconds_ahead = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def identity(self, nonce: str | None) -> str:
        now = int(time.time()) + self.seconds_ahead
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": f"sub-{self.email}",
            "email": self.email,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
            **({"nonce": nonce} if nonce else {}),
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        if header["alg"] == "none":
            return ".".join([_part(header), _part(told), ""])
        if isinstance(self.signs, bytes):  # by hand: no library takes a public key as a secret
            signed = f"{_part(header)}.{_part(told)}"
            return f"{signed}.{_text(hmac.digest(self.signs, signed.encode(), 'sha256'))}"
        return jwt.encode(header, told, self.signs or self.key, algorithms=[str(header["alg"])])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                query = {key: value[0] for key, value in parse_qs(address.query).items()}
                if address.path == "/.well-known/openid-configuration":
                    self.answer(
                        {
                            "issuer": provider.url,
                            "authorization_endpoint": f"{provider.url}/authorize",
                            "token_endpoint": f"{provider.url}/token",
                            "jwks_uri": f"{provider.url}/keys",
                            "response_types_supported": ["code"],
                            "subject_types_supported": ["public"],
                            "id_token_signing_alg_values_supported": provider.algorithms,
                        }
                    )
                elif address.path == "/keys":
                    self.answer({"keys": [provider.key.as_dict(private=False)]})
                elif address.path == "/authorize":
                    code = f"code-{len(provider.codes)}"
                    provider.codes[code] = query
                    back = urlencode({"code": code, "state": query["state"]})
                    self.send_response(302)
                    self.send_header("Location", f"{query['redirect_uri']}?{back}")
                    self.end_headers()
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                form = parse_qs(self.rfile.read(length).decode())
                asked = provider.codes.pop(form["code"][0])
                self.answer(
                    {
                        "access_token": "unused",
                        "token_type": "Bearer",
                        "expires_in": 3600,
                        "id_token": provider.identity(asked.get("nonce")),
                    }
                )

            def answer(self, content: dict[str, object]) -> None:
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                return

        return Handler


@contextmanager
def provided() -> Iterator[Provider]:
    """Run a provider and stop it again."""
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
