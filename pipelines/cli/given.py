"""What is written on the command line, read as it is written here. No command lives here."""

import math

from pipelines.errors import ConfigError
from pipelines.words.catalogue import codes
from pipelines.words.messages import say


def known_language(code: str) -> str:
    """Return a language that there are words in.

    Args:
        code: What was written.

    Raises:
        ConfigError: There are no words in it.
    """
    if code not in codes():
        raise ConfigError(
            say("cli.given.no_such_language", language=code),
            where="--language",
            way_out=say("cli.given.languages_are", languages=", ".join(codes())),
        )
    return code


def figure(text: str | float) -> float:
    """Return a figure written with a comma or a point.

    Args:
        text: What was written; a default is a number already.

    Raises:
        ConfigError: It is no figure; what is no number or has no end is none either.
    """
    try:
        value = float(str(text).strip().replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(
            say("cli.given.no_figure"), where=str(text), way_out=say("cli.given.write_it_so")
        )
    return value
