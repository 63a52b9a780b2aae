"""Read a municipality's folder and return it resolved and checked.

What a file may hold is in the models, what must fit together in ``crosscheck.py``, how problems
are worded in ``problems.py``.
"""

from collections.abc import Mapping
from pathlib import Path

from pipelines.contracts.model import load_contracts
from pipelines.contracts.shapes import Contract
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ConfigError
from pipelines.municipality.crosscheck import check_facts, check_feeds, check_metrics, check_pilots
from pipelines.municipality.feeds import Feed, SourceFile
from pipelines.municipality.identity import PROFILE, expected_id, find_folder, municipality_ids
from pipelines.municipality.metrics import Metric, MetricsFile, StandardMetrics
from pipelines.municipality.model import Municipality, PilotsFile, Profile
from pipelines.municipality.near import guess
from pipelines.municipality.problems import Model, unknown, validated
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.messages import say

_TOP_FILES = (PROFILE, "pilots.yml", "metrics.yml")
_TOP_STEMS = tuple(name.removesuffix(".yml") for name in _TOP_FILES)


def load_municipality(id_or_folder: str | Path, contracts_dir: Path | None = None) -> Municipality:
    """Return one municipality's configuration, every reference resolved.

    Args:
        id_or_folder: Id of a folder in ``data_contracts/municipalities``, or a path to a folder.
        contracts_dir: Folder of contracts and standard metrics; the repo's own by default.

    Raises:
        ConfigError: names file, key and the allowed values.
        ContractError: when a source contract cannot be read.
    """
    contracts_root = contracts_dir or CONTRACTS_DIR
    folder = find_folder(id_or_folder)
    _refuse_stray_files(folder)
    profile = _profile(folder)
    pilots = _optional(folder / "pilots.yml", PilotsFile)
    chosen = _optional(folder / "metrics.yml", MetricsFile)
    standard = load_standard_metrics(contracts_root)
    contracts = load_contracts(contracts_root, "sources")
    feeds = _feeds(folder, contracts)
    metrics = (*_choose_standard(chosen, standard, folder / "metrics.yml"), *chosen.metrics)
    check_pilots(pilots.pilots, str(folder / "pilots.yml"))
    check_facts(profile.facts, metrics, str(folder / "municipality.yml"))
    check_metrics(metrics, chosen.metrics, standard, feeds, contracts, str(folder / "metrics.yml"))
    return Municipality(
        **dict(profile),
        pilots=tuple(sorted(pilots.pilots, key=lambda pilot: pilot.order)),
        metrics=metrics,
        feeds=feeds,
        folder=folder,
    )


def load_standard_metrics(contracts_dir: Path | None = None) -> tuple[Metric, ...]:
    """Return the metrics every municipality may use, from ``metrics/standard.yml``.

    Raises:
        ConfigError: names file, key and the allowed values.
    """
    path = (contracts_dir or CONTRACTS_DIR) / "metrics" / "standard.yml"
    return validated(StandardMetrics, read_yaml(path, ConfigError), str(path)).metrics


def _refuse_stray_files(folder: Path) -> None:
    """A misspelt ``pilot.yml`` would otherwise be a municipality without pilots."""
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))):
        if path.name not in _TOP_FILES and guess(path.stem, _TOP_STEMS):
            raise unknown("fil", path.name, _TOP_FILES, str(folder))
    for path in sorted((folder / "sources").glob("*.yaml")):
        raise ConfigError(
            say("municipality.load.file_not_read"),
            where=str(path),
            way_out=say("municipality.load.give_it_yml"),
        )


def _profile(folder: Path) -> Profile:
    path = folder / PROFILE
    if not path.is_file():
        raise ConfigError(
            say("municipality.load.no_municipality_file"),
            where=str(folder),
            way_out=say(
                "municipality.load.set_municipality", municipality_ids=", ".join(municipality_ids())
            ),
        )
    profile = validated(Profile, read_yaml(path, ConfigError), str(path))
    expected = expected_id(folder)
    if expected not in (None, profile.id):
        raise ConfigError(
            say("municipality.load.id_is_not_folder", id=profile.id),
            where=f"{path}: id",
            way_out=say("municipality.load.write_id_or_rename", expected=expected),
        )
    return profile


def _optional(path: Path, model: type[Model]) -> Model:
    return validated(model, read_yaml(path, ConfigError) if path.exists() else {}, str(path))


def _choose_standard(
    chosen: MetricsFile, standard: tuple[Metric, ...], path: Path
) -> tuple[Metric, ...]:
    if chosen.standard == "all":
        return standard
    by_id = {metric.id: metric for metric in standard}
    for index, metric_id in enumerate(chosen.standard):
        if metric_id not in by_id:
            raise unknown(
                say("municipality.load.standard_metric"),
                metric_id,
                by_id,
                f"{path}: standard[{index}]",
            )
    return tuple(by_id[metric_id] for metric_id in chosen.standard)


def _feeds(folder: Path, contracts: Mapping[str, Contract]) -> tuple[Feed, ...]:
    located: list[tuple[str, Feed]] = []
    for path in sorted((folder / "sources").glob("*.yml")):
        content = validated(SourceFile, read_yaml(path, ConfigError), str(path), holds_codes=True)
        if content.contract not in contracts:
            raise unknown("kontrakt", content.contract, contracts, f"{path}: contract")
        if content.contract != path.stem:
            raise ConfigError(
                say("municipality.load.file_must_be_called", contract=content.contract),
                where=f"{path}: contract",
            )
        for index, entry in enumerate(content.feeds):
            feed = Feed(**dict(entry), contract=content.contract)
            located.append((f"{path}: feeds[{index}]", feed))
    check_feeds(located, contracts)
    return tuple(feed for _, feed in located)
