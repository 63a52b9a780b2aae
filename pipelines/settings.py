"""Settings from the environment and the folders that follow from them.

The only module of the pipeline that touches ``os.environ``. Settings are read once, at the edge,
and passed inwards; which variables a program we start is given lives in ``desk.child_environment``.
Nothing here knows what a municipality's YAML says, and nothing here needs a library: every command
begins here.
"""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPO_ROOT = Path(__file__).resolve().parent.parent
CONTRACTS_DIR = REPO_ROOT / "data_contracts"
MUNICIPALITIES_DIR = CONTRACTS_DIR / "municipalities"
DBT_DIR = REPO_ROOT / "dbt_project"
_OWNER_ONLY = 0o700
SET_ASIDE = "-satt-til-side-"
"""What a working database is called that was set aside, with the moment behind."""


class Secret:
    """A text that is not shown when what holds it is printed, logged or traced."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def environment() -> dict[str, str]:
    """Return a copy of this process's environment."""
    return dict(os.environ)


def become(wanted: Mapping[str, str]) -> None:
    """Let this process have nothing but an environment; the caller sees that no other does so too.

    Args:
        wanted: All there is from now on.
    """
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)


def tell_libraries(name: str, value: str) -> None:
    """Set a variable that a library looks for as it is imported; never one of ours.

    Args:
        name: The library's own variable.
        value: What it is to find.
    """
    os.environ[name] = value


def _given(name: str) -> str | None:
    # PUKK_HOME and pukk_home are the same setting
    wanted = f"pukk_{name}"
    return next((text for key, text in os.environ.items() if key.lower() == wanted), None)


def _municipality() -> str:
    given = _given("municipality")
    return "vestre_toten" if given is None else given


def _home() -> Path:
    given = _given("home")
    return REPO_ROOT / ".pukk" if given is None else Path(given)


def _inbox() -> Path | None:
    given = _given("inbox")
    return None if given is None else Path(given)


def _pseudonym_key() -> Secret | None:
    given = _given("pseudonym_key")
    return None if given is None else Secret(given)


def _later_pseudonym_keys() -> tuple[Secret, ...]:
    found: list[Secret] = []
    while (key := os.environ.get(f"PUKK_PSEUDONYM_KEY_{len(found) + 2}")) is not None:
        found.append(Secret(key))
    return tuple(found)


def _login() -> Path | None:
    given = os.environ.get("PUKK_AUTH")
    return Path(given) if given else None


def _access() -> Path | None:
    given = os.environ.get("PUKK_ACCESS")
    return Path(given) if given else None


def _recipients() -> Path | None:
    given = os.environ.get("PUKK_RECIPIENTS")
    return Path(given) if given else None


def _outbox() -> Path | None:
    given = os.environ.get("PUKK_OUTBOX")
    return Path(given) if given else None


def _allowed_hosts() -> tuple[str, ...]:
    given = os.environ.get("PUKK_ALLOWED_HOSTS", "").split(",")
    return tuple(name.strip() for name in given if name.strip())


def _automation() -> tuple[str, ...]:
    named = (_given("automation") or "").split(",")
    return tuple(name.strip() for name in named if name.strip())


@dataclass(frozen=True)
class Settings:
    """What the environment decides, as it was when this was made; what is given here wins.

    Attributes:
        municipality: Id of a folder in ``data_contracts/municipalities`` or a path to a folder
            anywhere (``PUKK_MUNICIPALITY``).
        home: Where deliveries, warehouse and publications live (``PUKK_HOME``).
        inbox: Another inbox than the one under ``home`` (``PUKK_INBOX``).
        pseudonym_key: Secret for employee pseudonyms (``PUKK_PSEUDONYM_KEY``); needed for real
            data, generated locally for constructed examples.
        later_pseudonym_keys: The keys that have come since: ``PUKK_PSEUDONYM_KEY_2``, ``_3`` and
            on, without a gap.
        login: The file with the result page's login (``PUKK_AUTH``).
        access: The table of who may see what (``PUKK_ACCESS``).
        recipients: The list of files that are laid out by themselves (``PUKK_RECIPIENTS``).
        outbox: Where they are laid (``PUKK_OUTBOX``); none: the municipality's own ``outbox``.
        allowed_hosts: Names the result page answers to (``PUKK_ALLOWED_HOSTS``); none: only this
            machine's own.
        automation: What Dagster does by itself from the start (``PUKK_AUTOMATION``): any of
            ``nightly``, ``inbox``, ``freshness`` and ``retention``. Nothing unless it is named.
    """

    municipality: str = field(default_factory=_municipality)
    home: Path = field(default_factory=_home)
    inbox: Path | None = field(default_factory=_inbox)
    pseudonym_key: Secret | None = field(default_factory=_pseudonym_key)
    later_pseudonym_keys: tuple[Secret, ...] = field(default_factory=_later_pseudonym_keys)
    login: Path | None = field(default_factory=_login)
    access: Path | None = field(default_factory=_access)
    recipients: Path | None = field(default_factory=_recipients)
    outbox: Path | None = field(default_factory=_outbox)
    allowed_hosts: tuple[str, ...] = field(default_factory=_allowed_hosts)
    automation: tuple[str, ...] = field(default_factory=_automation)


@dataclass(frozen=True)
class Channels:
    """Where messages of the night go; nothing is sent where nothing is named.

    Attributes:
        smtp: ``smtp://user@host:587`` or ``smtps://…`` (``PUKK_NOTIFY_SMTP``).
        smtp_password: ``PUKK_NOTIFY_SMTP_PASSWORD``.
        sender: ``PUKK_NOTIFY_FROM``.
        recipients: Addresses with commas between (``PUKK_NOTIFY_TO``).
        webhook: The address of a Teams workflow, which is a secret (``PUKK_NOTIFY_WEBHOOK``).
        command: A program and its arguments; gets the text by stdin (``PUKK_NOTIFY_COMMAND``).
        subscribers: Leaders who want to be told of new signals (``PUKK_NOTIFY_SUBSCRIBERS``).
        site: The address of the pages, for links (``PUKK_NOTIFY_SITE``).
    """

    smtp: str | None = None
    smtp_password: Secret | None = None
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    webhook: Secret | None = None
    command: tuple[str, ...] = ()
    subscribers: Path | None = None
    site: str = ""

    @property
    def is_any(self) -> bool:
        """Whether there is anywhere to send to."""
        return bool((self.smtp and self.recipients) or self.webhook or self.command)


def notify_channels() -> Channels:
    """Return where messages go, as the environment says it now."""
    password, webhook = _given("notify_smtp_password"), _given("notify_webhook")
    subscribers = _given("notify_subscribers")
    named = (_given("notify_to") or "").split(",")
    return Channels(
        smtp=_given("notify_smtp") or None,
        smtp_password=Secret(password) if password else None,
        sender=_given("notify_from") or None,
        recipients=tuple(each.strip() for each in named if each.strip()),
        webhook=Secret(webhook) if webhook else None,
        command=tuple(shlex.split(_given("notify_command") or "")),
        subscribers=Path(subscribers) if subscribers else None,
        site=(_given("notify_site") or "").rstrip("/"),
    )


@dataclass(frozen=True)
class Paths:
    """The folders and files of one municipality under ``PUKK_HOME``.

    Attributes:
        root: The municipality's own folder.
        inbox_override: An inbox somewhere else; ``None`` means ``root/inbox``.
    """

    root: Path
    inbox_override: Path | None = None

    @property
    def inbox(self) -> Path:
        """Where deliveries are dropped."""
        return self.inbox_override or self.root / "inbox"

    @property
    def landing(self) -> Path:
        """The read rows of every delivery as Parquet, never overwritten."""
        return self.root / "landing"

    @property
    def records(self) -> Path:
        """What cannot be computed again: deliveries, decisions, frozen figures, publications."""
        return self.root / "records"

    @property
    def warehouse(self) -> Path:
        """The restricted working database."""
        return self.root / "warehouse.duckdb"

    def warehouses_set_aside(self) -> list[Path]:
        """Return the working databases that another has taken the place of, by name."""
        return sorted(self.root.glob(f"{self.warehouse.stem}{SET_ASIDE}*"))

    @property
    def published(self) -> Path:
        """Generations and the pointer to the current one."""
        return self.root / "published"

    @property
    def reports(self) -> Path:
        """Data-quality reports, one per run."""
        return self.root / "reports"

    @property
    def outbox(self) -> Path:
        """Files laid out for their recipients, a folder each."""
        return self.root / "outbox"

    @property
    def state(self) -> Path:
        """Dagster's instance, dbt's artefacts, the local key, the run lock."""
        return self.root / "state"

    @property
    def truth(self) -> Path:
        """What the example's generator planted; the pipeline never reads it."""
        return self.root / "truth"

    def create(self) -> "Paths":
        """Create the folders that must exist, closed to others; returns self."""
        self.root.parent.mkdir(_OWNER_ONLY, parents=True, exist_ok=True)
        ours = (self.root, self.landing, self.records, self.published, self.reports, self.state)
        for folder in ours if self.inbox_override else (*ours, self.inbox):
            folder.mkdir(_OWNER_ONLY, exist_ok=True)
        return self


def paths_for(settings: Settings, municipality_id: str) -> Paths:
    """Return the folders of one municipality; nothing is created.

    Args:
        settings: The environment's settings.
        municipality_id: The id from ``municipality.yml``.
    """
    inbox = settings.inbox.expanduser().resolve() if settings.inbox else None
    return Paths(settings.home.expanduser().resolve() / municipality_id, inbox)
