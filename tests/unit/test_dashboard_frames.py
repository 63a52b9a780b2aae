"""What passes in the open connection: nothing of the machine out, only what a page asks for in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboards.frames import QuietFrames

SCRIPT = Path("/srv/pukk/dashboards/app.py")


def passed(*asked: dict[str, Any], told: tuple[bytes, ...] = ()) -> tuple[list[Any], list[bytes]]:
    """Return what the app was asked, and what the browser was told, of what each side sent."""
    waiting = [*asked, {"type": "websocket.disconnect"}]
    heard: list[Any] = []
    sent: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for frame in told:
            await send({"type": "websocket.send", "bytes": frame})
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(message)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["bytes"])

    asyncio.run(QuietFrames(app, SCRIPT)({"type": "websocket"}, receive, send))
    return heard, sent


def begun() -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.main_script_path = str(SCRIPT)
    message.new_session.page_script_hash = "abc"
    first = message.new_session.initialize
    first.session_id = "s"
    first.user_info.installation_id_v3 = "of-this-machine"
    first.environment_info.streamlit_version = "1"
    first.environment_info.python_version = "3.11.7"
    first.environment_info.server_os = "linux"
    return message


def test_the_first_message_says_nothing_of_the_machine_and_is_else_as_it_was() -> None:
    _, (frame,) = passed(told=(begun().SerializeToString(),))
    for secret in (b"/srv", b"of-this-machine", b"3.11.7", b"linux"):
        assert secret not in frame
    new = ForwardMsg.FromString(frame).new_session
    assert (new.page_script_hash, new.initialize.session_id) == ("abc", "s")
    assert new.initialize.environment_info.streamlit_version == "1"


def test_other_messages_are_sent_as_they_are() -> None:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = f"somebody writes {SCRIPT} in a text"
    frames = (message.SerializeToString(), b"\xff not one of ours")
    assert passed(told=frames)[1] == list(frames)


def frame(**what: Any) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": BackMsg(**what).SerializeToString()}


def operation(name: str) -> dict[str, Any]:
    request = BackendOperationRequest()
    getattr(request, name).SetInParent()
    return frame(backend_operation_request=request)


def test_a_page_gets_what_it_asks_for() -> None:
    asked = (
        frame(rerun_script=ClientState(query_string="lang=nb")),
        frame(stop_script=True),
        frame(app_heartbeat=True),
        operation("deferred_file"),
        operation("dataframe_chunk"),
    )
    assert passed(*asked)[0] == list(asked)


@pytest.mark.parametrize(
    "asked",
    [
        frame(load_git_info=True),
        frame(clear_cache=True),
        frame(set_run_on_save=True),
        frame(debug_shutdown_runtime=True),
        operation("install_skills"),
        operation("dismiss_skills_nudge"),
        frame(),
        {"type": "websocket.receive", "bytes": b"\xff\xff"},
        {"type": "websocket.receive", "bytes": b""},
    ],
)
def test_what_no_page_asks_for_is_not_passed_on(asked: dict[str, Any]) -> None:
    after = frame(stop_script=True)
    assert passed(asked, after)[0] == [after]
