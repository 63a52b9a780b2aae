"""A message that nobody has got stands in the status until it is sent."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines.notices.outbox import Message, put
from tests.conftest import pukk


def test_a_message_that_waits_is_told(tmp_path: Path) -> None:
    state = tmp_path / "nhs_england" / "state"
    state.mkdir(parents=True)
    message = Message("night:2026-11-30", "smtp", "drift@kommunen.example", "Natten", "Alt gikk.")
    put(state, message, datetime.now(UTC))
    told = pukk("status", home=tmp_path, municipality="nhs_england").stdout
    assert "Ikke sendt: en melding venter på smtp (ikke forsøkt ennå)" in told
