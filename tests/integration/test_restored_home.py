"""A home that was lost is brought back from its backup: readers, questions and the next night."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.case_town import MUNICIPALITY, Town
from tests.conftest import pukk

ASKED = "select metric_id, count(*) as n from fct_metric_months group by 1 order by 1"


def test_a_restored_home_answers_as_before_and_its_next_night_gives_the_same_figures(
    built_town: Town, tmp_path: Path
) -> None:
    town = built_town.copied_to(tmp_path / "Småby")
    before = _told(town)
    pointer = json.loads((town.home / MUNICIPALITY / "published" / "current.json").read_text())
    key = tmp_path / "nøkkelen"
    shutil.copy(town.home / MUNICIPALITY / "state" / "pseudonym.key", key)
    town.pukk("backup", str(tmp_path / "kopier"))
    shutil.rmtree(town.home)
    town.pukk("restore", str(tmp_path / "kopier"), "--key", str(key))
    assert _told(town) == before
    doctor = json.loads(town.pukk("doctor", "--json").stdout)
    assert [point for point in doctor["points"] if point["level"] == "fault"] == []
    outcome = json.loads(town.pukk("run", "--force", "--json").stdout)
    assert outcome["is_new"] is False
    now = json.loads((town.home / MUNICIPALITY / "published" / "current.json").read_text())
    assert now["content_sha256"] == pointer["content_sha256"]
    assert now["generation"] == pointer["generation"]


def _told(town: Town) -> tuple[Any, Any]:
    asked = pukk("sql", ASKED, "--format", "json", home=town.home, municipality=str(town.config))
    return json.loads(town.pukk("result", "--json").stdout), json.loads(asked.stdout)
