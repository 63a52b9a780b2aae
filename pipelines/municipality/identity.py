"""Which municipality is meant: its folder, id, name and whether its figures are made up.

All that most commands need, read of ``municipality.yml`` alone without the models. Whether the
configuration is right is asked in ``load.py``, which also words what is wrong here.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ConfigError
from pipelines.municipality.near import guess
from pipelines.settings import MUNICIPALITIES_DIR
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes
from pipelines.words.messages import say

PROFILE = "municipality.yml"
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Identity:
    """Which municipality it is.

    Attributes:
        id: From ``municipality.yml``; the name of its folder under ``PUKK_HOME``.
        name: What it is called.
        folder: Where its configuration lies.
        notice_nb: That the figures are made up, in bokmål; ``None`` when they are not.
        language: What its pages and reports are in where nobody has chosen.
    """

    id: str
    name: str
    folder: Path
    notice_nb: str | None
    language: str = DEFAULT_LANGUAGE

    @property
    def is_constructed(self) -> bool:
        """Whether the figures are made up."""
        return self.notice_nb is not None


def municipality_ids(folder: Path | None = None) -> list[str]:
    """Return the ids of the municipalities that have a folder, templates left out."""
    root = folder or MUNICIPALITIES_DIR
    return sorted(
        path.parent.name
        for path in root.glob(f"*/{PROFILE}")
        if not path.parent.name.startswith("_")
    )


def find_folder(id_or_folder: str | Path) -> Path:
    """Return a municipality's folder.

    Args:
        id_or_folder: Id of a folder in ``data_contracts/municipalities``, or a path to a folder.

    Raises:
        ConfigError: there is none; with the one that may have been meant.
    """
    by_id = MUNICIPALITIES_DIR / str(id_or_folder)
    is_id = by_id.name == str(id_or_folder) and by_id.is_dir()
    folder = by_id if is_id else Path(id_or_folder).expanduser()
    if folder.is_dir():
        return folder.resolve()
    ids = municipality_ids()
    listed = (
        say("municipality.identity.these_exist", ids=", ".join(ids))
        if ids
        else say("municipality.identity.none_set_up")
    )
    raise ConfigError(
        say("municipality.identity.no_such_municipality", id_or_folder=id_or_folder),
        way_out=" ".join(part for part in (guess(id_or_folder, ids), listed) if part),
    )


def expected_id(folder: Path) -> str | None:
    """Return the id a folder's name decides; ``None`` for a folder that may have any name."""
    return folder.name.lstrip("_") if folder.parent == MUNICIPALITIES_DIR else None


def read_identity(id_or_folder: str | Path) -> Identity:
    """Return which municipality is meant.

    Args:
        id_or_folder: Id of a folder in ``data_contracts/municipalities``, or a path to a folder.

    Raises:
        ConfigError: there is none, or its ``municipality.yml`` does not say who it is.
    """
    folder = find_folder(id_or_folder)
    path = folder / PROFILE
    found = _told(read_yaml(path, ConfigError), folder) if path.is_file() else None
    if found is not None:
        return found
    # the models know every rule and its words
    from pipelines.municipality.load import load_municipality

    whole = load_municipality(folder)
    notice = whole.constructed.notice_nb if whole.constructed else None
    return Identity(whole.id, whole.name, folder, notice, whole.language)


def _told(profile: dict[str, Any], folder: Path) -> Identity | None:
    id_, name, made_up = profile.get("id"), profile.get("name"), profile.get("constructed")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return None
    if expected_id(folder) not in (None, id_):
        return None
    notice = made_up.get("notice_nb") if isinstance(made_up, dict) else None
    is_stated = made_up is None or (isinstance(notice, str) and bool(notice))
    language = profile.get("language", DEFAULT_LANGUAGE)
    if not (isinstance(name, str) and name and is_stated and language in codes()):
        return None
    return Identity(id_, name, folder, notice, language)
