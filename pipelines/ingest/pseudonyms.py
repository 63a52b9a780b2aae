"""Employee numbers to keyed pseudonyms, and the key they are made with.

The key is outside the warehouse: who has one without the other cannot tell who is who.
"""

import hmac
import os
import secrets
from pathlib import Path

import polars as pl

from pipelines.errors import ConfigError
from pipelines.ingest.text_keys import code_key, without_leading_zeros
from pipelines.settings import Paths, Settings

PREFIX = "p_"
_HEX_CHARS = 20
_KEY_BYTES = 32
_MIN_KEY_CHARS = 16
_KEY_FILE = "pseudonym.key"


def load_or_create_key(settings: Settings, paths: Paths, *, allow_generated: bool) -> bytes:
    """Return the key for pseudonyms.

    Args:
        settings: ``PUKK_PSEUDONYM_KEY`` wins if it is set.
        paths: A generated key is kept in ``paths.state``, readable by its owner only.
        allow_generated: True for constructed examples; real data needs a key of its own.

    Raises:
        ConfigError: when the key is missing or shorter than 16 characters.
    """
    if settings.pseudonym_key is not None:
        key = settings.pseudonym_key.get_secret_value().encode()
        if len(key) < _MIN_KEY_CHARS:
            raise ConfigError(
                f"Nøkkelen for pseudonymer er kortere enn {_MIN_KEY_CHARS} tegn.",
                where="PUKK_PSEUDONYM_KEY",
                way_out="Lag en lang, tilfeldig nøkkel og oppbevar den utenfor datavarehuset.",
            )
        return key
    if not allow_generated:
        raise ConfigError(
            "Nøkkelen for pseudonymer mangler; uten den kan ansattnummer ikke leses inn.",
            where="PUKK_PSEUDONYM_KEY",
            way_out="Sett miljøvariabelen til en lang, tilfeldig nøkkel som ikke byttes.",
        )
    file = paths.state / _KEY_FILE
    if not file.exists():
        paths.state.mkdir(0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(_KEY_BYTES))
    return file.read_text().strip().encode()


def key_files(paths: Paths) -> list[Path]:
    """Return the key files that are there: nobody but their owner may read them.

    Args:
        paths: The municipality's folders.
    """
    return sorted(paths.state.glob("*.key"))


def pseudonym(value: str, key: bytes) -> str:
    """Return the pseudonym of one number: same person, same text, whatever the leading zeros."""
    normal = without_leading_zeros(code_key(value))
    digest = hmac.digest(key, normal.encode(), "sha256").hex()
    return PREFIX + digest[:_HEX_CHARS]


def pseudonymise(text: pl.Series, key: bytes) -> pl.Series:
    """Return the column with every value replaced by its pseudonym; null stays null."""
    unique = text.drop_nulls().unique().to_list()
    return text.replace_strict(
        {value: pseudonym(value, key) for value in unique}, default=None, return_dtype=pl.String
    )


def fingerprint_of_row(content: str, key: bytes) -> str:
    """Return a keyed SHA-256 of a row: the same row can be recognised, its content not guessed."""
    return hmac.digest(key, b"row\x1f" + content.encode(), "sha256").hex()
