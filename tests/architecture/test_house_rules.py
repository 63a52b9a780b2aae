"""The rules of the house that no linter holds: sizes, words, links, telemetry."""

import re
from pathlib import Path

import pytest

from tests.architecture.repo import REPO, tracked

PYTHON_LINES = 300
SQL_LINES = 80
TEXT = {".py", ".sql", ".md", ".yml", ".yaml", ".toml", ".txt", ".in", ".typ", ".sh", ".cfg"}


@pytest.mark.parametrize(("suffix", "ceiling"), [(".py", PYTHON_LINES), (".sql", SQL_LINES)])
def test_no_file_is_longer_than_the_ceiling(suffix: str, ceiling: int) -> None:
    sizes = {f: len(f.read_text(encoding="utf-8").splitlines()) for f in tracked(suffix)}
    assert sizes, f"no {suffix} file found"
    assert {str(f.relative_to(REPO)): n for f, n in sizes.items() if n > ceiling} == {}


def test_a_package_init_is_a_docstring_and_nothing_else() -> None:
    for file in tracked(".py"):
        if file.name == "__init__.py":
            text = file.read_text(encoding="utf-8").strip()
            assert re.fullmatch(r'"""[^"]+"""', text), file


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [
        f"{f.relative_to(REPO)}"
        for f in tracked(".py", ".sql", ".md", ".yml", ".yaml")
        if f != Path(__file__) and words.search(f.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_silenced_check_says_why_beside_it() -> None:
    silenced = re.compile(r"# (?:noqa\b|type: ignore|pragma: no cover)")
    with_reason = re.compile(r"# (?:noqa: [A-Z0-9, ]+ - \w|type: ignore\[[a-z-]+\] (?:-|#) ?\w)")
    bare = [
        f"{f.relative_to(REPO)}:{number}"
        for f in tracked(".py")
        if f != Path(__file__)
        for number, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1)
        if silenced.search(line) and not with_reason.search(line)
    ]
    assert bare == []


def test_no_file_names_a_package_registry_or_this_machine() -> None:
    # put together here, so that no file holds them, this one neither
    hosts = [
        ".".join(parts)
        for parts in (("pypi", "org"), ("files", "pythonhosted"), ("registry", "npmjs"))
    ]
    folders = [f"/{name}/" for name in ("wo" + "rk", "ro" + "ot")]
    words = re.compile("|".join(re.escape(word) for word in (*hosts, *folders)))
    found = [
        str(f.relative_to(REPO))
        for f in tracked()
        if f.suffix in TEXT or not f.suffix
        if words.search(f.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_relative_link_in_the_docs_leads_somewhere() -> None:
    broken = []
    for file in tracked(".md"):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text(encoding="utf-8")):
            if "://" not in link and not (file.parent / link).exists():
                broken.append(f"{file.relative_to(REPO)} -> {link}")
    assert broken == []


def test_every_pinned_dependency_has_a_hash() -> None:
    for lock in sorted((REPO / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[a-zA-Z0-9])", lock.read_text(encoding="utf-8"))
        pins = [block for block in blocks if "==" in block]
        assert pins, lock
        assert [block.split("\n")[0] for block in pins if "--hash=sha256:" not in block] == []


def test_dbt_and_streamlit_are_told_not_to_phone_home() -> None:
    project = (REPO / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8")
    assert re.search(r"send_anonymous_usage_stats:\s*false", project)
    streamlit = (REPO / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r"gatherUsageStats\s*=\s*false", streamlit)


def test_the_warehouse_is_changed_in_one_way() -> None:
    by_hand = re.compile(r"""execute\(\s*f?["'](?:begin|commit|rollback)\b""", re.IGNORECASE)
    homes = {"pipelines/warehouse/transaction.py", "pipelines/desk/database.py"}
    found = {
        str(f.relative_to(REPO))
        for f in tracked(".py")
        if by_hand.search(f.read_text(encoding="utf-8"))
    }
    assert found == homes
