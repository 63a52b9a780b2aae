"""The server as it is started: health, closed doors, and when it refuses to start."""

import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import pukk
from tests.e2e.served import PATIENCE_S, free_port, served, start

pytestmark = pytest.mark.integration


def status(url: str, data: bytes | None = None) -> int:
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_without_login_the_server_is_not_started_for_others_to_reach(tmp_path: Path) -> None:
    process = start(free_port(), {"PUKK_PUBLISHED": str(tmp_path)}, address="0.0.0.0")
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    assert "innlogging er ikke satt opp" in said


def test_a_server_without_publications_says_so_and_closes_what_it_should(tmp_path: Path) -> None:
    with served({"PUKK_PUBLISHED": str(tmp_path)}) as url:
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE_S)
        assert answer.value.code == 503
        assert answer.value.read() == b'{"status":"empty"}'
        assert answer.value.headers["X-Frame-Options"] == "DENY"
        assert status(f"{url}/_stcore/metrics") == 404
        assert status(f"{url}/_stcore/agent/interact", b"{}") in (403, 404)


def test_the_health_names_the_generation(example_home: Path, tmp_path: Path) -> None:
    published = shutil.copytree(example_home / "vestre_toten" / "published", tmp_path / "published")
    with (
        served({"PUKK_PUBLISHED": str(published)}) as url,
        urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE_S) as answer,
    ):
        assert b'"generation":"generation-' in answer.read()


def test_the_command_line_refuses_an_address_others_can_reach_without_login(tmp_path: Path) -> None:
    done = pukk("serve", "--host", "0.0.0.0", home=tmp_path, check=False)
    assert done.returncode == 2
    assert "innlogging er ikke satt opp" in done.stdout + done.stderr
