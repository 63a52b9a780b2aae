"""One message a night, kept until delivered; the watch; a feed held against its own rhythm."""

import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.desk.access_log import entries
from pipelines.desk.nights import is_late, last_success, nights_since, note_night
from pipelines.errors import BusyError
from pipelines.municipality.load import load_municipality
from pipelines.notices.channels import messages_to, send
from pipelines.notices.facts import Cause, Facts, facts
from pipelines.notices.night import tell_night, watch
from pipelines.notices.night_message import night_message
from pipelines.notices.outbox import deliver, waiting
from pipelines.notices.rhythm import FeedState
from pipelines.settings import MUNICIPALITIES_DIR, Channels, Paths, Secret
from pipelines.words.catalogue import codes
from tests.unit.test_feed_rhythm import ledger_of

NOW = datetime(2027, 3, 3, 5, 15, tzinfo=UTC)
TODAY = date(2027, 3, 3)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "hjem").create()


class Server(socketserver.ThreadingTCPServer):
    """A server on this machine that keeps what it got."""

    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler], fails: int) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.got: list[Any] = []
        self.fails = [500] * fails


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a message takes, over a real socket."""

    server: Server

    def handle(self) -> None:
        self.wfile.write(b"220 prove\r\n")
        while line := self.rfile.readline().strip():
            verb = line.split(b":")[0].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 ja\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.got.append(body.decode())
            self.wfile.write(b"221 farvel\r\n" if verb == b"QUIT" else b"250 ok\r\n")


class Hook(http.server.BaseHTTPRequestHandler):
    """A Teams workflow that fails as often as it is told to."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.fails.pop() if self.server.fails else 202
        if status == 202:
            self.server.got.append(json.loads(body))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def serving(handler: type[socketserver.BaseRequestHandler], fails: int = 0) -> Iterator[Any]:
    server = Server(handler, fails)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mail_to(server: Any, *recipients: str) -> Channels:
    address = f"smtp://127.0.0.1:{server.server_address[1]}"
    return Channels(smtp=address, sender="pukk@example.no", recipients=recipients)


def told(**changes: Any) -> Facts:
    return replace(Facts("Småby", "nb", (), None), **changes)


def test_a_message_a_night_by_mail_and_no_more(paths: Paths) -> None:
    with serving(Mail) as server:
        channels = mail_to(server, "a@example.no", "b@example.no")
        assert tell_night(paths, channels, told(), NOW).n_sent == 2
        later = NOW + timedelta(hours=3)
        assert tell_night(paths, channels, told(), later).is_new is False
        assert tell_night(paths, channels, told(), NOW + timedelta(days=1)).n_sent == 2
    assert len(server.got) == 4
    assert "From: pukk@example.no" in server.got[0]
    assert [e["action"] for e in entries(paths.state)] == ["notify", "notify"]


def test_a_day_is_a_day_in_oslo(paths: Paths) -> None:
    with serving(Mail) as server:
        channels = mail_to(server, "a@example.no")
        tell_night(paths, channels, told(), datetime(2027, 3, 28, 21, 30, tzinfo=UTC))
        # past midnight in Oslo, where the clock has gone forward
        after = datetime(2027, 3, 28, 22, 30, tzinfo=UTC)
        assert tell_night(paths, channels, told(), after).is_new


def test_what_is_not_delivered_is_kept_and_tried_again_later_and_later(paths: Paths) -> None:
    with serving(Hook, fails=2) as server:
        secret = f"http://127.0.0.1:{server.server_address[1]}/hemmelig"
        channels = Channels(webhook=Secret(secret))
        sent = tell_night(paths, channels, told(), NOW)
        assert (sent.n_sent, sent.n_waiting) == (0, 1)
        assert waiting(paths.state) == [("webhook", "OSError: HTTP 500")]

        def again(after: timedelta) -> tuple[int, int]:
            return deliver(paths.state, lambda each: send(channels, each), NOW + after)

        assert again(timedelta(minutes=1)) == (0, 1)  # not yet
        assert server.fails == [500]
        assert again(timedelta(minutes=6)) == (0, 1)
        assert again(timedelta(minutes=20)) == (1, 0)
    (card,) = server.got
    assert card["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    stored = (paths.state / "notices.sqlite").read_bytes()
    assert b"hemmelig" not in stored


def test_an_endpoint_that_is_gone_fails_nothing(paths: Paths) -> None:
    channels = Channels(webhook=Secret("http://127.0.0.1:9/x"), command=("/finnes/ikke",))
    assert tell_night(paths, channels, told(), NOW).n_waiting == 2


def test_a_password_is_never_sent_in_the_open(paths: Paths) -> None:
    with serving(Mail) as server:
        channels = replace(
            mail_to(server, "a@example.no"),
            smtp=f"smtp://navn@127.0.0.1:{server.server_address[1]}",
            smtp_password=Secret("pass"),
        )
        assert tell_night(paths, channels, told(), NOW).n_waiting == 1
    assert server.got == []
    assert "STARTTLS" in waiting(paths.state)[0][1]


def test_a_command_gets_the_text_and_the_subject(tmp_path: Path) -> None:
    script, out = tmp_path / "si", tmp_path / "ut"
    script.write_text(f'#!/bin/sh\necho "$1" > {out}\ncat >> {out}\n')
    script.chmod(0o700)
    channels = Channels(command=(str(script),))
    (message,) = messages_to(channels, "k", "Emne", "Tekst\n")
    send(channels, message)
    assert out.read_text() == "Emne\nTekst\n"
    script.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(OSError, match="kode 3"):
        send(channels, message)


def test_forty_files_that_fail_for_one_cause_are_one_line() -> None:
    many = Cause(
        tuple(f"fil_{i}.csv" for i in range(40)), "Kolonnen mangler.\nGjør slik: rett den."
    )
    subject, body = night_message(told(rejected=[many]), TODAY)
    assert "1 ting å se på" in subject
    assert body.count("Kolonnen mangler.") == 1
    assert "fil_0.csv, fil_1.csv, fil_2.csv og 37 til" in body
    assert "Gjør slik: rett den." in body


@pytest.mark.parametrize("language", codes())
def test_the_message_is_in_the_municipalitys_language(language: str) -> None:
    late = FeedState(
        "fravar", "sick_leave.spells", date(2027, 1, 2), 30, date(2027, 2, 10), "missing"
    )
    _, body = night_message(told(language=language, missing=[late]), TODAY, 2)
    words = {"nb": "Leveranser som er sene", "nn": "Leveransar som er seine", "en": "are late"}
    assert words[language] in body
    assert "fravar" in body


def test_of_failures_only_those_after_the_last_success_are_told(paths: Paths) -> None:
    note_night(paths.state, "failed", said="Gammel.")
    note_night(paths.state, "published", generation=3)
    note_night(paths.state, "failed", said="Fila er låst.")
    note_night(paths.state, "failed", said="Fila er låst.")
    found = told(nights=nights_since(paths.state, None))
    assert [cause.said for cause in found.failed] == ["Fila er låst."]
    assert found.published == [3]


def test_the_watch_misses_a_night_and_says_so_once_a_day(paths: Paths) -> None:
    note_night(paths.state, "published", generation=1)
    ended = last_success(paths.state)
    assert ended is not None
    with serving(Mail) as server:
        channels = mail_to(server, "a@example.no")
        is_missed, _ = watch(paths, channels, told(), ended + timedelta(hours=29), 30)
        assert not is_missed
        late = ended + timedelta(hours=31)
        assert watch(paths, channels, told(), late, 30)[0]
        assert watch(paths, channels, told(), late, 30)[0]
        assert len(server.got) == 1
    note_night(paths.state, "failed", said="x")
    assert is_late(paths.state, late)
    note_night(paths.state, "unchanged")
    assert not is_late(paths.state, datetime.now(UTC))


def test_a_home_where_no_run_was_noted_is_missed_by_the_watch_and_not_by_the_pages(
    paths: Paths,
) -> None:
    assert not is_late(paths.state, NOW)
    assert watch(paths, Channels(), told(), NOW, 30)[0]


def test_what_came_is_refused_and_waits_is_read_of_the_ledger(paths: Paths) -> None:
    municipality = load_municipality(MUNICIPALITIES_DIR / "loten")
    paths.warehouse.touch()
    rows = [
        {"feed_id": "a", "received_at": "2027-03-01 00:00:00"},
        {"feed_id": "a", "received_at": "2027-03-03 00:00:00", "rows_in": 5, "rows_loaded": 4,
         "rows_quarantined": 1},
        *({"feed_id": "a", "received_at": "2027-03-03 00:00:00", "status": "held",
           "reason_code": "half", "reason_nb": "Halv fil.", "content_id": f"c{i}"}
          for i in range(2)),
    ]  # fmt: skip
    with ledger_of(*rows) as con:
        found = facts(
            municipality, paths, lambda: nullcontext(con), datetime(2027, 3, 2, tzinfo=UTC), TODAY
        )
    assert [(b.n_files, b.rows_loaded, b.rows_quarantined) for b in found.brought] == [(1, 4, 1)]
    assert [len(cause.names) for cause in found.held] == [2]

    def busy() -> Any:
        raise BusyError("opptatt")

    assert facts(municipality, paths, busy, None, TODAY).is_busy
