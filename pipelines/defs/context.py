"""What one run works with: settings, the municipality, the contracts, the folders.

It is made once, where a command or Dagster's process begins, and handed down; assets get it as the
resource ``run_context``, and nothing below reads the environment again.

Also the way a run tells what it is doing. No Dagster here: the command line uses it too, and most
commands only ask which municipality it is. So contracts and configuration are read, and what reads
them is imported, when they are asked for.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.errors import ConfigError
from pipelines.municipality.identity import Identity, read_identity
from pipelines.settings import REPO_ROOT, Paths, Settings, paths_for
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.contracts.shapes import Contract
    from pipelines.municipality.model import Municipality

JOB_NAME = "nightly"
"""The job from delivery to publication, as Dagster names it."""
RUN_CONTEXT = "run_context"
"""What the resource is called by the assets and checks that get it."""
_PATTERN = re.compile(r"[*?\[\]]")
_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


@dataclass(frozen=True)
class RunContext:
    """Everything a run needs, read once.

    Attributes:
        settings: The environment's settings.
        identity: Which municipality it is.
        paths: Its folders under ``PUKK_HOME``.
    """

    settings: Settings
    identity: Identity
    paths: Paths

    @cached_property
    def municipality(self) -> "Municipality":
        """The municipality's configuration, every reference resolved.

        Raises:
            ConfigError: Its YAML breaks a rule.
        """
        from pipelines.municipality.load import load_municipality

        return load_municipality(self.identity.folder)

    @cached_property
    def sources(self) -> "dict[str, Contract]":
        """What each delivery must hold."""
        from pipelines.contracts.kept import kept_contracts

        return kept_contracts("sources", self.paths.state)

    @cached_property
    def products(self) -> "dict[str, Contract]":
        """What each published table promises."""
        from pipelines.contracts.kept import kept_contracts

        return kept_contracts("products", self.paths.state)

    @cached_property
    def code_fingerprint(self) -> str:
        """SHA-256 of configuration, contracts, SQL, the pipeline's own code and its libraries."""
        from pipelines.municipality.fingerprint import input_fingerprint

        return input_fingerprint(self.identity.folder, REPO_ROOT)

    def anew(self) -> "RunContext":
        """Return the same municipality read again: its files may have changed, its place has not.

        Raises:
            ConfigError: As ``read_context``.
        """
        same = replace(
            self.settings,
            municipality=str(self.identity.folder),
            home=self.paths.root.parent,
            inbox=self.paths.inbox_override,
        )
        return read_context(same)

    def run_fingerprint(self) -> str:
        """SHA-256 of code, inbox and what was decided about deliveries: same value, same marts."""
        from pipelines.ingest.inbox import inbox_files
        from pipelines.warehouse.records import decisions_fingerprint
        from pipelines.warehouse.releases import today_in_norway

        digest = hashlib.sha256(self.code_fingerprint.encode())
        digest.update(decisions_fingerprint(self.paths, today_in_norway()).encode())
        for file in inbox_files(self.paths):
            digest.update(file.name.encode())
            digest.update((file.sha256() or "unreadable").encode())
        return digest.hexdigest()


def read_context(settings: Settings | None = None) -> RunContext:
    """Read the environment and which municipality it is; its configuration when it is asked for.

    For what only looks at what is there. A command that works from the configuration takes
    ``load_context``.

    Args:
        settings: Settings to use instead of the environment's.

    Raises:
        ConfigError: The municipality does not exist or does not say who it is, or the folder of its
            data has a name that Dagster would not find its settings under.
    """
    settings = settings or Settings()
    identity = read_identity(settings.municipality)
    paths = paths_for(settings, identity.id)
    # Dagster looks its settings up by pattern: not found, they would be its own, telemetry and all
    if _PATTERN.search(str(paths.root)):
        raise ConfigError(
            say("defs.context.path_has_pattern_characters"),
            where=str(paths.root),
            way_out=say("defs.context.give_another_name"),
        )
    return RunContext(settings, identity, paths)


def load_context(settings: Settings | None = None) -> RunContext:
    """Read the environment and the municipality's configuration.

    Args:
        settings: Settings to use instead of the environment's.

    Raises:
        ConfigError: As ``read_context``, or the municipality's YAML breaks a rule.
    """
    ctx = read_context(settings)
    _ = ctx.municipality  # what is wrong is told before anything is done
    return ctx


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
