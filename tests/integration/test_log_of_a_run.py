"""What a whole run leaves in the access log, and where the log's head is noted."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from pipelines.desk.access_log import FILE_NAME, entries
from pipelines.desk.log_chain import length_of
from pipelines.warehouse import records
from tests.conftest import pukk
from tests.unit.test_log_kept_whole import recompute

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(example_copy: Path) -> Path:
    return example_copy / "vestre_toten"


def verified(folder: Path) -> tuple[int, str]:
    done = pukk("log", "verify", home=folder.parent, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_a_run_tells_who_started_it_with_which_set_up_and_what_came_of_it(folder: Path) -> None:
    found = {row["action"]: row for row in reversed(entries(folder / "state", 1000))}
    assert found["run"]["role"] == "terminal"
    assert re.match(r"uid=\d+", found["run"]["detail"])
    assert re.fullmatch(r"sha256:[0-9a-f]{64} first", found["configuration"]["detail"])
    edition = json.loads((folder / "published" / "generation-000001.json").read_text())
    assert found["publish"]["generation"] == edition["file"]
    assert edition["sha256"] in found["publish"]["detail"]
    assert "[skjult]" not in found["publish"]["detail"]


def test_the_edition_the_report_and_the_store_carry_the_head(folder: Path) -> None:
    edition = json.loads((folder / "published" / "generation-000001.json").read_text())
    assert edition["log_length"] == length_of(edition["log_head"]) >= 2
    (report,) = (folder / "reports").glob("quality-*.html")
    noted = re.search(r'id="log-head">(\d+:[0-9a-f]{64})<', report.read_text())
    assert noted is not None
    assert length_of(noted[1]) > edition["log_length"]
    stored = [records.read(file).log_head for file in (folder / "records").glob("*.json")]
    assert len(stored) > 50
    assert all(stored)


def test_an_untouched_log_is_whole_and_a_touched_one_is_not(folder: Path) -> None:
    code, said = verified(folder)
    assert code == 0
    assert re.search(r"Loggen er hel: \d+ innføringer, holdt mot \d\d+ hoder", said)
    (folder / "state" / "access_log.head").unlink()
    recompute(folder / "state", "update entries set actor = 'en annen' where action = 'run'")
    code, said = verified(folder)
    assert (code, "kjeden regnet ut på nytt" in said) == (1, True)
    with sqlite3.connect(folder / "state" / FILE_NAME) as con:
        con.execute("delete from entries where seq > 1")
    con.close()
    code, said = verified(folder)
    assert (code, "kuttet bort fra slutten" in said) == (1, True)
    for file in (folder / "state").glob(f"{FILE_NAME}*"):
        file.unlink()
    code, said = verified(folder)
    assert (code, "loggen er slettet" in said) == (1, True)
