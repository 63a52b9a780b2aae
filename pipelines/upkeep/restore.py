"""A backup brought back into a home; in ``drill`` into a folder of its own, to see that it can be.

Every file is held against its checksum before and after; the warehouse is built from what came
back. A home that is there is never written over: it is refused, or set aside under another name.
"""

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.contracts.kept import kept_contracts
from pipelines.desk.events import log_event
from pipelines.errors import ConfigError, DamagedError
from pipelines.ingest.pseudonyms import KEY_FILE, key_files, load_or_create_key
from pipelines.ingest.rebuild import make_sound
from pipelines.settings import SET_ASIDE, Paths, Settings
from pipelines.upkeep.backup import SUBJECT, backups_in, held_alone
from pipelines.upkeep.manifest import FILE, Manifest, copied, faults_of, read_manifest
from pipelines.upkeep.to_keep import DATA
from pipelines.warehouse.migrations import refuse_newer
from pipelines.words.messages import say

RESTORING = ".restoring-"
"""What a home is called, before its municipality's id, while it is brought back."""


@dataclass(frozen=True)
class Restored:
    """What came back.

    Attributes:
        root: The municipality's folder.
        manifest: What the backup said.
        set_aside: Where the home that was there lies now; ``None`` when there was none.
        told: What was done to build the warehouse, in bokmål.
        lacks_key: Whether the key lay in the home that was backed up and is not here.
        seconds: How long it took.
    """

    root: Path
    manifest: Manifest
    set_aside: Path | None
    told: tuple[str, ...]
    lacks_key: bool
    seconds: float


def chosen(source: Path, municipality: str | None) -> Path:
    """Return the backup that is meant: the folder itself, or the newest whole one in it.

    Args:
        source: A backup, or where backups are put.
        municipality: Whose, where there are several; ``None`` for whichever there is.

    Raises:
        ConfigError: There is none, or those of several municipalities.
    """
    if (source / FILE).is_file():
        return source
    names = {f.name.rpartition("-")[0].removeprefix("pukk-") for f in source.glob("pukk-*-*Z")}
    wanted = names if municipality is None or municipality not in names else {municipality}
    found = [each for name in sorted(wanted) for each in backups_in(source, name)[-1:]]
    if len(found) != 1:
        raise ConfigError(
            say("upkeep.restore.several") if found else say("upkeep.restore.none_here"),
            where=str(source),
            way_out=say("upkeep.restore.name_one"),
        )
    return found[0]


def verified(source: Path) -> Manifest:
    """Return what a backup holds, after every file was held against its checksum.

    Raises:
        DamagedError: Names the first file that is not as it was copied, and how many there are.
    """
    manifest = read_manifest(source)
    _refuse_unlike(source, manifest)
    return manifest


def restore(settings: Settings, source: Path, *, replaces: bool, key: Path | None) -> Restored:
    """Bring a backup back as the municipality's home.

    Args:
        settings: Where homes lie, and the keys.
        source: The backup.
        replaces: Set a home that is there aside; else it is refused.
        key: A file with the pseudonym keys, for a home that kept them itself.

    Raises:
        BusyError: A run goes on in the home that is there.
        ConfigError: There is a home, or the keys are others than those of the backup.
        DamagedError: The backup, or what came back, is not what was copied.
    """
    started = time.monotonic()
    manifest = verified(source)
    root = settings.home.expanduser().resolve() / manifest.municipality
    paths = Paths(root, settings.inbox.expanduser().resolve() if settings.inbox else None)
    is_there = root.is_dir() and any(root.iterdir())
    if is_there and not replaces:
        raise ConfigError(
            say("upkeep.restore.not_empty"), where=str(root), way_out=say("upkeep.restore.replace")
        )
    root.parent.mkdir(0o700, parents=True, exist_ok=True)
    building = root.with_name(f"{RESTORING}{root.name}")
    shutil.rmtree(building, ignore_errors=True)
    lacks_key = _brought(source, manifest, building, settings, key)
    aside = None
    if is_there:
        with held_alone(paths, 0.0):
            aside = root.rename(root.with_name(f"{root.name}{SET_ASIDE}{_stamp()}"))
    elif root.is_dir():
        root.rmdir()
    building.rename(root)
    with held_alone(paths, 0.0):
        detail = f"{source.name} of {manifest.made_at}"
        log_event(paths.state, "restore", SUBJECT, n_rows=len(manifest.files), detail=detail)
        told = make_sound(paths, kept_contracts("sources", paths.state), thorough=True)
    return Restored(root, manifest, aside, told, lacks_key, time.monotonic() - started)


def _brought(
    source: Path, manifest: Manifest, building: Path, settings: Settings, key: Path | None
) -> bool:
    """Copy the data and the key into a folder, and hold it; returns whether the key is missing."""
    ours = {n: held for n, held in manifest.files.items() if n.startswith(f"{DATA}/")}
    for name, held in ours.items():
        below = name.removeprefix(f"{DATA}/")
        if copied(source / name, building / below) != held:
            raise _unlike(building / below, 1)
    paths = Paths(building).create()
    refuse_newer(paths)
    if key is not None:
        copied(key, paths.state / KEY_FILE)
    is_given = settings.pseudonym_key is not None
    if not is_given and not key_files(paths):
        return manifest.key_is_file
    keys = load_or_create_key(settings, paths, allow_generated=True)
    if manifest.key_check and keys.check != manifest.key_check:
        raise ConfigError(
            say("upkeep.restore.other_keys", n_keys=manifest.n_keys, given=len(keys.chain)),
            where=str(key) if key else "PUKK_PSEUDONYM_KEY",
            way_out=say("upkeep.restore.bring_the_keys"),
        )
    return False


def _refuse_unlike(folder: Path, manifest: Manifest) -> None:
    found = list(faults_of(folder, manifest))
    if found:
        name, why = found[0]
        raise DamagedError(
            say("upkeep.restore.backup_damaged", why=why, n=len(found)),
            where=str(folder / name),
            way_out=say("upkeep.backup.take_another"),
        )


def _unlike(file: Path, n: int) -> DamagedError:
    return DamagedError(
        say("upkeep.restore.backup_damaged", why=say("upkeep.backup.file_changed"), n=n),
        where=str(file),
        way_out=say("upkeep.backup.look_at_the_disk"),
    )


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
