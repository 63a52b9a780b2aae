"""Employee numbers to keyed pseudonyms, and the keys they are made with.

The keys are outside the warehouse: who has one without the other cannot tell who is who. A key that
is rotated is kept, for numbers are made into pseudonyms by all keys in turn: what the first key
makes of a number, the second makes into another. Rotating what is stored is in ``rotation``.
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ConfigError
from pipelines.ingest.text_keys import code_key, without_leading_zeros
from pipelines.settings import Paths, Settings
from pipelines.words.messages import say

if TYPE_CHECKING:
    import polars as pl

PREFIX = "p_"
_HEX_CHARS = 20
PATTERN = f"^{PREFIX}[0-9a-f]{{{_HEX_CHARS}}}$"
"""What a pseudonym looks like."""
_KEY_BYTES = 32
_MIN_KEY_CHARS = 16
KEY_FILE = "pseudonym.key"
"""In ``state``: one key a line, the first one first."""
_CHECKED = b"pukk: the same keys"


@dataclass(frozen=True)
class Keys:
    """The keys of pseudonyms, the first one first; a pseudonym is made by all of them in turn.

    Attributes:
        chain: The keys; never empty.
    """

    chain: tuple[bytes, ...]

    @property
    def first(self) -> bytes:
        """The key that is never rotated: codes of units are hashed with it."""
        return self.chain[0]

    @property
    def newest(self) -> bytes:
        """The key rows set aside are hashed with."""
        return self.chain[-1]

    @property
    def check(self) -> str:
        """What the same keys always give, by which it is seen that they are the same."""
        found = _CHECKED
        for key in self.chain:
            found = hmac.digest(key, found, "sha256")
        return found.hex()

    def advanced(self, made: str, n_keys: int) -> str:
        """Return a pseudonym as it is with all keys.

        Args:
            made: The pseudonym as the first of the keys made it.
            n_keys: How many keys that was.
        """
        for key in self.chain[n_keys:]:
            made = _made(made, key)
        return made


def load_or_create_key(settings: Settings, paths: Paths, *, allow_generated: bool) -> Keys:
    """Return the keys for pseudonyms.

    Args:
        settings: ``PUKK_PSEUDONYM_KEY`` and ``PUKK_PSEUDONYM_KEY_2`` and on win if they are set.
        paths: Generated keys are kept in ``paths.state``, readable by their owner only.
        allow_generated: True for constructed examples; real data needs keys of its own.

    Raises:
        ConfigError: when a key is missing or shorter than 16 characters.
    """
    if settings.pseudonym_key is not None:
        later = [key.get_secret_value() for key in settings.later_pseudonym_keys]
        keys = [settings.pseudonym_key.get_secret_value(), *later]
        for number, key in enumerate(keys, 1):
            _require_long(key, number)
        return Keys(tuple(key.encode() for key in keys))
    if not allow_generated:
        raise ConfigError(
            say("ingest.pseudonyms.key_is_missing"),
            where="PUKK_PSEUDONYM_KEY",
            way_out=say("ingest.pseudonyms.set_the_key"),
        )
    file = paths.state / KEY_FILE
    if not file.exists():
        add_key(paths)
    return Keys(tuple(_lines(file)))


def add_key(paths: Paths) -> None:
    """Generate one more key and keep it with those that are there, whole or not at all.

    Args:
        paths: The municipality's folders.
    """
    paths.state.mkdir(0o700, parents=True, exist_ok=True)
    file = paths.state / KEY_FILE
    before = _lines(file) if file.exists() else []
    building = file.with_suffix(".tmp")
    building.unlink(missing_ok=True)
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write("\n".join([*(k.decode() for k in before), secrets.token_hex(_KEY_BYTES)]))
        handle.flush()
        os.fsync(handle.fileno())
    building.replace(file)


def key_files(paths: Paths) -> list[Path]:
    """Return the key files that are there: nobody but their owner may read them.

    Args:
        paths: The municipality's folders.
    """
    return sorted(paths.state.glob("*.key"))


def pseudonym(value: str, keys: Keys) -> str:
    """Return the pseudonym of one number: same person, same text, whatever the leading zeros."""
    normal = without_leading_zeros(code_key(value))
    return keys.advanced(_made(normal, keys.first), 1)


def pseudonymise(text: "pl.Series", keys: Keys) -> "pl.Series":
    """Return the column with every value replaced by its pseudonym; null stays null."""
    import polars as pl  # a run with nothing new looks after its keys and reads nothing

    unique = text.drop_nulls().unique().to_list()
    return text.replace_strict(
        {value: pseudonym(value, keys) for value in unique}, default=None, return_dtype=pl.String
    )


def fingerprint_of_row(content: str, key: bytes) -> str:
    """Return a keyed SHA-256 of a row: the same row can be recognised, its content not guessed."""
    return hmac.digest(key, b"row\x1f" + content.encode(), "sha256").hex()


def _lines(file: Path) -> list[bytes]:
    found = [line.strip().encode() for line in file.read_text().splitlines() if line.strip()]
    if not found:
        raise ConfigError(
            say("ingest.pseudonyms.key_file_is_empty"),
            where=str(file),
            way_out=say("ingest.pseudonyms.bring_key_back"),
        )
    return found


def _made(text: str, key: bytes) -> str:
    return PREFIX + hmac.digest(key, text.encode(), "sha256").hex()[:_HEX_CHARS]


def _require_long(key: str, number: int) -> None:
    if len(key) < _MIN_KEY_CHARS:
        raise ConfigError(
            say("ingest.pseudonyms.key_is_short", min_key_chars=_MIN_KEY_CHARS),
            where="PUKK_PSEUDONYM_KEY" + (f"_{number}" if number > 1 else ""),
            way_out=say("ingest.pseudonyms.make_a_long_key"),
        )
