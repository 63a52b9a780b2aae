"""What a browser is told over its open connection, frame by frame: words and numbers within."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl
from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

DECIMALS = 6
"""What charts round to. A number with so many is met nowhere else by chance."""
_NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?:[eE][+-]?\d+)?")
_TABLE = "arrow_data"


def listened(reader: "BrowserContext") -> list[bytes]:
    """Return the list that every frame a reader is sent is added to from now on."""
    frames: list[bytes] = []

    def heard(frame: bytes | str) -> None:
        frames.append(frame if isinstance(frame, bytes) else frame.encode())

    def opened(page: "Page") -> None:
        page.on("websocket", lambda socket: socket.on("framereceived", heard))

    reader.on("page", opened)
    return frames


def texts(frame: bytes) -> Iterator[str]:
    """Yield every text in a frame, also of the tables in it; numbers as text."""
    yield from _texts(ForwardMsg.FromString(frame))


def _texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            parts: list[Any] = [*value.keys(), *value.values()]
        else:
            parts = list(value) if field.is_repeated else [value]
        for part in parts:
            if isinstance(part, Message):
                yield from _texts(part)
            elif isinstance(part, bytes):
                yield from _of_table(part)
            else:
                yield str(part)


def _of_table(part: bytes) -> Iterator[str]:
    if not part:
        return
    table = pl.read_ipc_stream(part, use_pyarrow=False)
    for column in table.iter_columns():
        yield column.name
        yield from (str(value) for value in column.to_list())


def numbers(frame: bytes) -> set[str]:
    """Return the long numbers in a frame, rounded as charts are."""
    found = (float(number) for text in texts(frame) for number in _NUMBER.findall(text))
    return {said for number in found if (said := as_said(number))}


def as_said(number: float) -> str:
    """Return a number as a chart would say it; nothing where many others would look the same."""
    said = f"{abs(number):.{DECIMALS}f}"
    return said if len(said.rstrip("0").partition(".")[2]) >= DECIMALS - 1 else ""
