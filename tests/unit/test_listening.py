"""Who listens for a home's pages and for Dagster, read of what the system tells."""

from pathlib import Path

import pytest

from pipelines.upkeep.listening import Listener, listeners


def system_with(proc: Path, root: Path, address: str, command: str, told: str) -> None:
    """Make what the system tells of one process that listens on port 8501."""
    (proc / "net").mkdir(parents=True)
    kind = "tcp6" if len(address) > 8 else "tcp"
    for name in ("tcp", "tcp6"):
        row = f"\n 0: {address}:2135 0:0 0A 0 0 0 0 0 4711 1" if name == kind else ""
        (proc / "net" / name).write_text(f"  sl  local_address{row}\n")
    (proc / "12" / "fd").mkdir(parents=True)
    (proc / "12" / "cmdline").write_text(command.replace(" ", "\0"))
    (proc / "12" / "environ").write_text(told.format(root=root, home=root.parent))
    (proc / "12" / "fd" / "5").symlink_to("socket:[4711]")


PAGES = "streamlit run dashboards/asgi.py"
SERVED = "PUKK_PUBLISHED={root}/published\0X=1"


@pytest.mark.parametrize(
    ("address", "command", "told", "found"),
    [
        ("0100007F", PAGES, SERVED, Listener(12, "127.0.0.1", 8501, True, False)),
        ("00000000", PAGES, SERVED, Listener(12, "0.0.0.0", 8501, True, False)),
        ("0" * 32, "dagster dev", "PUKK_HOME={home}", Listener(12, "::", 8501, False, False)),
        (
            "0000000000000000FFFF00000100007F", PAGES, SERVED + "\0PUKK_AUTH=a\0PUKK_ACCESS=b",
            Listener(12, "127.0.0.1", 8501, True, True),
        ),
        ("00000000", PAGES, "PUKK_PUBLISHED=/en/annen/published", None),
        ("00000000", "nginx", SERVED, None),
    ],
)  # fmt: skip
def test_who_listens_is_read_of_the_system(
    tmp_path: Path, address: str, command: str, told: str, found: Listener | None
) -> None:
    root = tmp_path / "home" / "kommunen"
    system_with(tmp_path / "proc", root, address, command, told)
    assert listeners(root, tmp_path / "proc") == ([found] if found else [])
    assert found is None or found.is_for_all is (found.address != "127.0.0.1")
