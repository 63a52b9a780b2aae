"""A folder that is not ready for a night: still the template, or with nothing to compute."""

from pathlib import Path

from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ConfigError
from pipelines.municipality.identity import PROFILE
from pipelines.municipality.model import Municipality
from pipelines.settings import MUNICIPALITIES_DIR
from pipelines.words.messages import say

TEMPLATE = MUNICIPALITIES_DIR / "_template"
_OWN = ("id", "name")


def refuse_template(folder: Path) -> None:
    """Refuse a municipality whose profile or sources are the template's own.

    Args:
        folder: The municipality's folder.

    Raises:
        ConfigError: names the file, and what to make one's own.
    """
    profile, pattern = _read(folder / PROFILE), _read(TEMPLATE / PROFILE)
    for key in _OWN:
        if profile.get(key) == pattern.get(key):
            raise ConfigError(
                say("municipality.untouched.still_the_templates", value=profile.get(key)),
                where=f"{folder / PROFILE}: {key}",
                way_out=say("municipality.untouched.write_your_own"),
            )
    for file in sorted((folder / "sources").glob("*.yml")):
        if _read(file) and _read(file) == _read(TEMPLATE / "sources" / file.name):
            raise ConfigError(
                say("municipality.untouched.source_is_the_templates"),
                where=str(file),
                way_out=say("municipality.untouched.fit_or_delete"),
            )


def refuse_no_metrics(municipality: Municipality) -> None:
    """Refuse a municipality without a metric: a night would compute nothing, and publish nothing.

    Args:
        municipality: Its configuration.

    Raises:
        ConfigError: says where metrics are chosen, and how one is made.
    """
    if not municipality.metrics:
        raise ConfigError(
            say("municipality.untouched.no_metrics", name=municipality.name),
            where=str(municipality.folder / "metrics.yml"),
            way_out=say("municipality.untouched.choose_or_make_one"),
        )


def _read(file: Path) -> dict[str, object]:
    return dict(read_yaml(file, ConfigError)) if file.is_file() else {}
