"""What a home keeps to save time is of the version that made it: an upgrade never meets it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.defs import dbt_here, manifest
from pipelines.defs.dbt_here import PARSED, target_dir
from pipelines.defs.manifest import TESTS_STAMP, ensure_manifest
from pipelines.settings import DBT_DIR, Paths

MODEL = "int_hr__measures"
PLACE = Path("models/intermediate/measures")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a dbt project of one's own, as it is now, which the home is parsed from."""
    copy = Path(shutil.copytree(DBT_DIR, tmp_path / "prosjekt", ignore=lambda *_: {"target"}))
    for module in (manifest, dbt_here):
        monkeypatch.setattr(module, "DBT_DIR", copy)
    return copy


def as_before(project: Path) -> Callable[[], None]:
    """Let the model be described in a file of its own, as once; returns what makes it as it is."""
    generated = project / PLACE / "__generated.yml"
    now = generated.read_text(encoding="utf-8")
    told = yaml.safe_load(now)
    (moved,) = [each for each in told["models"] if each["name"] == MODEL]
    told["models"].remove(moved)
    generated.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    own = project / PLACE / "zz_hr.yml"
    own.write_text(yaml.safe_dump({"version": 2, "models": [moved]}), encoding="utf-8")

    def upgrade() -> None:
        own.unlink()
        generated.write_text(now, encoding="utf-8")

    return upgrade


def test_a_home_parsed_by_an_earlier_version_is_parsed_anew(project: Path, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "hjem").create()
    upgrade = as_before(project)
    before = json.loads(ensure_manifest(paths).read_text(encoding="utf-8"))
    target = target_dir(paths)
    (target / TESTS_STAMP).write_text((target / "manifest.sha256").read_text())
    earlier = (target / PARSED).read_bytes()
    upgrade()
    after = json.loads(ensure_manifest(paths).read_text(encoding="utf-8"))
    node = f"model.pukk.{MODEL}"
    assert before["nodes"][node]["patch_path"].endswith("zz_hr.yml")
    assert after["nodes"][node]["patch_path"].endswith("__generated.yml")
    assert after["nodes"].keys() == before["nodes"].keys()
    assert (target / PARSED).read_bytes() != earlier
    # what was compiled of the earlier project's tests is nobody's
    assert not (target / TESTS_STAMP).exists()


def test_a_parse_that_was_killed_is_nobodys(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "hjem").create()
    target = target_dir(paths)
    target.mkdir()
    made = (target / "manifest.json", target / "manifest.sha256", target / PARSED)
    for file in made:
        file.write_text("fra en annen versjon")

    def killed(*_: object) -> list[dict[str, object]]:
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest, "invoke_dbt", killed)
    with pytest.raises(KeyboardInterrupt):
        ensure_manifest(paths)
    assert [file.name for file in made if file.exists()] == ["manifest.json"]
