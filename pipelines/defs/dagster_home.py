"""Dagster's instance: its folder, and the settings it begins with. From then they are somebody's.

What we wrote and nobody has changed is brought up to date; a file somebody has changed is never
written over, whether it names another storage, other limits or another log.
"""

import json
import secrets
from pathlib import Path

from pipelines.desk.on_disk import write_whole
from pipelines.desk.programs import EVENT_LOG
from pipelines.settings import Paths

ADDRESS_FILE = "page_address"
"""The file in Dagster's folder that holds the address with the key, while the page is served."""
KEY = "key"
"""What the key is called in the address."""
_OURS = "# Laget av Pukk. Endre det som trengs: en endret fil skrives aldri over."
_EVENT_LOG = """\
event_log_storage:
  module: {module}
  class: OneFileEventLog
  config: {{base_dir: {event_log}}}
"""
# a killed run, or one that met another's lock before its first step, is tried again; what failed in
# a step failed for its data, and comes out the same
_SETTINGS = """\
telemetry: {{enabled: false}}
nux: {{enabled: false}}
concurrency: {{runs: {{max_concurrent_runs: 1}}}}
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  cancel_timeout_seconds: 120
  max_runtime_seconds: 7200
run_retries: {{enabled: true, max_retries: 2, retry_on_asset_or_op_failure: false}}
retention:
  schedule: {{purge_after_days: 90}}
  sensor: {{purge_after_days: {{skipped: 7, failure: 90, success: 90}}}}
"""
_EARLIER_SETTINGS = """\
telemetry: {{enabled: false}}
nux: {{enabled: false}}
concurrency: {{runs: {{max_concurrent_runs: 1}}}}
run_monitoring: {{enabled: true, max_runtime_seconds: 7200}}
retention: {{schedule: {{purge_after_days: 90}}, sensor: {{purge_after_days: 7}}}}
"""


def dagster_home(paths: Paths) -> Path:
    """Create and return the folder of Dagster's instance, with telemetry off.

    Args:
        paths: The municipality's folders.
    """
    home = paths.create().state / "dagster"
    home.mkdir(0o700, exist_ok=True)
    file, text = home / "dagster.yaml", _text(home, _SETTINGS)
    told = file.read_text(encoding="utf-8") if file.exists() else ""
    if told != text and _is_ours(told, home):
        write_whole(file, text.encode())
    return home


def made_address(home: Path, host: str, port: int) -> Path:
    """Make the key of a start; returns the file with the address to open, which has the key.

    Args:
        home: Dagster's folder.
        host: Where the page is to listen.
        port: Its port.

    Raises:
        OSError: The file could not be written.
    """
    file = home / ADDRESS_FILE
    address = f"http://{host}:{port}/?{KEY}={secrets.token_urlsafe(32)}"
    write_whole(file, address.encode())
    return file


def _text(home: Path, settings: str) -> str:
    log = {"module": EVENT_LOG.module, "event_log": json.dumps(str(home / "event_log"))}
    return f"{_OURS}\n{(_EVENT_LOG + settings).format(**log)}"


def _is_ours(told: str, home: Path) -> bool:
    # a home that was moved names its old place, which is no change of anybody's
    known = (_text(home, each) for each in (_SETTINGS, _EARLIER_SETTINGS))
    plain = {_placeless(each) for text in known for each in (text, text.partition("\n")[2])}
    return not told.strip() or _placeless(told) in plain


def _placeless(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "base_dir:" not in line).strip()
