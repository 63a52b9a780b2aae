"""What may pass in the open connection between a page and the server, either way.

Streamlit tells every browser, before any login, where the program lies, which Python and which
machine it runs on, and answers whoever asks it about its source repository or to empty everybody's
caches. A page needs none of it. What a page shows is decided where rows are read (``marts``).
"""

from pathlib import Path

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ASKED = frozenset(
    {
        "rerun_script", "stop_script", "app_heartbeat", "file_urls_request",
        "deferred_file", "dataframe_chunk",
    }
)  # fmt: skip
"""What a page asks for: to be drawn, to stop, to be kept, to take a file or give one, more rows."""


class QuietFrames:
    """Takes what tells of the machine out of what is sent, and passes on only what a page asks for.

    Args:
        app: What answers.
        script: The file of the pages, which the connection's first message names.
    """

    def __init__(self, app: ASGIApp, script: Path) -> None:
        self._app = app
        self._script = str(script).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; of an open connection, look at each message."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def asked() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or _may_be_asked(message.get("bytes")):
                    return message

        async def told(message: Message) -> None:
            frame = message.get("bytes")
            # only the message that begins a page names the file: the others are not read
            if frame and self._script in frame:
                message = {**message, "bytes": quiet(frame)}
            await send(message)

        await self._app(scope, asked, told)


def quiet(frame: bytes) -> bytes:
    """Return a message that begins a page without what it says of the machine; another as it is."""
    message = ForwardMsg.FromString(frame)
    if message.WhichOneof("type") != "new_session":
        return frame
    begun = message.new_session
    begun.main_script_path = ""
    begun.initialize.user_info.Clear()
    begun.initialize.environment_info.python_version = ""
    begun.initialize.environment_info.server_os = ""
    return message.SerializeToString()


def _may_be_asked(frame: bytes | None) -> bool:
    if frame is None:
        return True
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind != "backend_operation_request":
        return kind in ASKED
    return message.backend_operation_request.WhichOneof("payload") in ASKED
