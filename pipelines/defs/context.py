"""What one run works with: settings, the municipality, the contracts, the folders.

Also the way a run tells what it is doing. No Dagster here: the command line uses it too.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from pipelines.contracts.model import Contract, load_contracts
from pipelines.errors import ConfigError
from pipelines.ingest.inbox import inbox_files
from pipelines.municipality.fingerprint import input_fingerprint
from pipelines.municipality.load import load_municipality
from pipelines.municipality.model import Municipality
from pipelines.settings import REPO_ROOT, Paths, Settings, paths_for
from pipelines.warehouse.records import decisions_fingerprint

JOB_NAME = "nightly"
"""The job from delivery to publication, as Dagster names it."""
_PATTERN = re.compile(r"[*?\[\]]")
_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


@dataclass(frozen=True)
class RunContext:
    """Everything a run needs, read once.

    Attributes:
        settings: The environment's settings.
        municipality: The municipality's configuration.
        paths: Its folders under ``PUKK_HOME``.
    """

    settings: Settings
    municipality: Municipality
    paths: Paths

    @cached_property
    def sources(self) -> dict[str, Contract]:
        """What each delivery must hold."""
        return load_contracts(kind="sources")

    @cached_property
    def products(self) -> dict[str, Contract]:
        """What each published table promises."""
        return load_contracts(kind="products")

    @cached_property
    def code_fingerprint(self) -> str:
        """SHA-256 of configuration, contracts, SQL, the pipeline's own code and its libraries."""
        return input_fingerprint(self.municipality, REPO_ROOT)

    def run_fingerprint(self) -> str:
        """SHA-256 of code, inbox and what was decided about deliveries: same value, same marts."""
        digest = hashlib.sha256(self.code_fingerprint.encode())
        digest.update(decisions_fingerprint(self.paths).encode())
        for file in inbox_files(self.paths):
            digest.update(file.name.encode())
            digest.update((file.sha256() or "unreadable").encode())
        return digest.hexdigest()


def load_context(settings: Settings | None = None) -> RunContext:
    """Read the environment and the municipality's configuration.

    Args:
        settings: Settings to use instead of the environment's.

    Raises:
        ConfigError: The municipality does not exist, its YAML breaks a rule, or the folder of its
            data has a name that Dagster would not find its settings under.
    """
    settings = settings or Settings()
    municipality = load_municipality(settings.municipality)
    paths = paths_for(settings, municipality.id)
    # Dagster looks its settings up by pattern: not found, they would be its own, telemetry and all
    if _PATTERN.search(str(paths.root)):
        raise ConfigError(
            "Stien til dataene kan ikke ha tegnene * ? [ eller ]; Dagster leser dem som mønster.",
            where=str(paths.root),
            way_out="Gi mappen et annet navn, eller velg en annen med PUKK_HOME.",
        )
    return RunContext(settings, municipality, paths)


@contextmanager
def progress_to(listener: Callable[[str], None] | None) -> Iterator[None]:
    """Send ``tell`` to a listener for as long as the block runs."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(message: str) -> None:
    """Tell whoever listens what the run is doing now."""
    listener = _listener.get()
    if listener is not None:
        listener(message)
