"""What a file to take away is: its kind, what the log says of it, and how its button looks."""

from dataclasses import dataclass

from pipelines.desk.logged import Kind

MIME = {
    "atom": "application/atom+xml",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Entry:
    """What the log says of a file: what it is, of which rows, and how many."""

    kind: Kind
    subject: str
    n_rows: int | None = None
    unit: str = ""
    period: str = ""


@dataclass(frozen=True)
class Look:
    """How a button looks: its key on the page, and what is said of one that is only a word."""

    key: str
    hint: str | None = None
