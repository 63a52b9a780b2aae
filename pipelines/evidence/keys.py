"""Ed25519 keys and signatures of packs. A private key never lies where the data lie.

A public key is one line of base64 in ``<municipality's number>.pub``; whoever pools gets it once,
by hand.
"""

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.errors import ConfigError
from pipelines.words.messages import say

SUFFIX = ".pub"


def new_key() -> str:
    """Return a new private key as base64."""
    return _base64(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(private: str) -> str:
    """Return the public key of a private one, both as base64.

    Raises:
        ConfigError: It is no key.
    """
    return _base64(_private(private).public_key().public_bytes_raw())


def sign(content: bytes, private: str) -> str:
    """Return the detached signature of some bytes, as base64.

    Raises:
        ConfigError: It is no key.
    """
    return _base64(_private(private).sign(content))


def read_private_key(file: Path) -> str:
    """Return the private key of a file as base64.

    Raises:
        ConfigError: There is no such file, it is not to be read, or it holds something else.
    """
    try:
        text = file.read_bytes().decode("ascii", "replace")
    except OSError as error:
        raise ConfigError(
            say("evidence.keys.no_key_here"),
            where=str(file),
            way_out=say("evidence.keys.make_one", file=file),
        ) from error
    try:
        _private(text)
    except ConfigError as error:
        raise ConfigError(error.message, where=str(file), way_out=error.way_out) from error
    return text


def is_signed_by(content: bytes, signature: str, public: str) -> bool:
    """Tell whether the bytes were signed with a key; what is no signature was not.

    Args:
        content: The bytes.
        signature: As base64.
        public: The public key as base64.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature.strip(), validate=True), content)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def read_public_keys(folder: Path) -> dict[str, str]:
    """Return the public keys of a folder by municipality's number.

    Raises:
        ConfigError: There are none.
    """
    found = {
        file.stem: file.read_text(encoding="ascii", errors="replace").strip()
        for file in sorted(folder.glob(f"*{SUFFIX}"))
    }
    if not found:
        raise ConfigError(
            say("evidence.keys.no_public_keys"),
            where=str(folder),
            way_out=say("evidence.keys.one_file_each"),
        )
    return found


def _private(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))
    except (ValueError, binascii.Error) as error:
        raise ConfigError(
            say("evidence.keys.private_key_unreadable"),
            way_out=say("evidence.keys.make_a_new_key"),
        ) from error


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
