"""The example's deliveries, written once, and plain readers for them that know no pipeline."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from pipelines.example.generate import generate
from pipelines.settings import MUNICIPALITIES_DIR

FOLDER = MUNICIPALITIES_DIR / "vestre_toten"
PILOTS = [
    "Gimle sykehjem avd. 1",
    "Fysio-ergoterapitjenesten",
    "Gimle sykehjem avd. 5",
    "Hjemmesykepleien Raufoss",
    "Politisk saksbehandling",
    "Barnevern",
    "Teknisk drift, veg/park og renovasjon",
]
DECISION = date(2012, 6, 14)
END_2017 = date(2017, 12, 31)
END_2018 = date(2018, 12, 31)
FOREVER = date(9999, 12, 31)


def generated_example(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder with inbox and truth; the first to ask writes it, everyone else reads it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "example-inbox"
    done = shared / "example-inbox.done"
    with FileLock(shared / "example-inbox.lock"):
        if not done.exists():
            generate(FOLDER, folder / "inbox", folder / "truth")
            done.touch()
    return folder


def text_of(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"\xff\xfe"):
        return data.decode("utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig")
    return data.decode("cp1252")


def lines_of(path: Path) -> list[list[str]]:
    text = text_of(path)
    return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ";"))


def table_of(path: Path, first_header: str) -> list[dict[str, str]]:
    """Rows as wide as the header below it; everything else is decoration."""
    lines = lines_of(path)
    at = next(i for i, line in enumerate(lines) if line and line[0] == first_header)
    header = lines[at]
    return [
        dict(zip(header, line, strict=True)) for line in lines[at + 1 :] if len(line) == len(header)
    ]


def number(text: str) -> float:
    text = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if text.startswith("(") or text.endswith("-"):
        return -float(text.strip("()-"))
    return float(text)


def day(text: str) -> date:
    if text in {"", "31.12.9999", "00.00.0000"}:
        return FOREVER
    if "-" in text:
        return date.fromisoformat(text)
    d, m, y = re.split(r"[./]", text)
    return date(int(y), int(m), int(d))


def sheet(home: Path, name: str) -> list[dict[str, object]]:
    frame = pl.read_excel(
        home / "inbox/lean/leanregister.xlsx", sheet_name=name, read_options={"header_row": 2}
    )
    return frame.to_dicts()


def positions_on(home: Path, when: date) -> list[dict[str, str]]:
    rows = table_of(home / "inbox/hr/stillinger_20181231.csv", "Ansattnr")
    real = [row for row in rows if int(row["Ansattnr"].strip("'")) < 89_000_000]
    unique = {tuple(row.values()): row for row in real}.values()
    return [
        row
        for row in unique
        if row["Form"] != "Timelønn" and day(row["Fra"]) <= when <= day(row["Til"])
    ]


def units_on(home: Path, when: date) -> dict[str, str]:
    rows = table_of(home / "inbox/organisasjon/enheter.csv", "Enhets-id")
    return {
        row["Enhets-id"]: row["Enhetsnavn"]
        for row in rows
        if (not row["Gyldig fra"] or day(row["Gyldig fra"]) <= when)
        and when <= day(row["Gyldig til"])
    }
