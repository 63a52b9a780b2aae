"""A small made-up municipality in a temporary folder: YAML, an inbox, a warehouse of its own.

Its contracts are the real ones; deliveries are written by the tests themselves.
"""

import atexit
import io
import shutil
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import yaml

from pipelines.contracts.model import load_contracts
from pipelines.contracts.organisation import in_reading_order
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import (
    IngestContext,
    ingest_contract,
    ingest_unmatched,
)
from pipelines.municipality.feeds import Feed
from pipelines.municipality.load import load_municipality
from pipelines.municipality.model import Municipality
from pipelines.settings import Paths
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.deliveries import DeliveryResult
from tests.ops_tables import list_quarantine, list_warnings

KEY = Keys((b"en nokkel som bare testene bruker",))
CONTRACTS = load_contracts()

UNITS = (
    "Enhetsnr;Enhetsnavn;Område;Type\n"
    "E1;Gimle sykehjem;Omsorg;nursing_home\n"
    "E2;Fagerlund hjemmetjeneste;Omsorg;home_care\n"
    "E3;Ås skole;Oppvekst;school\n"
)
CODES = (
    "System;Kode;Enhet;Fra;Til\n"
    "cost_centre;3120;E1;;\n"
    "cost_centre;0450;E2;;\n"
    "cost_centre;3130;E2;01.01.2010;31.12.2016\n"
    "cost_centre;3130;E3;01.01.2017;\n"
    "name;Ås skole;E3;;\n"
)
SOURCES: dict[str, list[dict[str, Any]]] = {
    "organisation": [
        {
            "id": "units",
            "table": "units",
            "files": ["enheter*.csv"],
            "period": {"source": "all"},
            "columns": {
                "unit_id": {"column": "Enhetsnr"},
                "unit_name": {"column": "Enhetsnavn"},
                "sector": {"column": "Område"},
                "service_type": {"column": "Type"},
            },
        },
        {
            "id": "codes",
            "table": "unit_codes",
            "files": ["koder*.csv"],
            "period": {"source": "all"},
            "columns": {
                "code_system": {"column": "System"},
                "code": {"column": "Kode"},
                "unit_id": {"column": "Enhet"},
                "valid_from": {"column": "Fra"},
                "valid_to": {"column": "Til"},
            },
        },
    ],
    "hr": [
        {
            "id": "positions",
            "table": "positions",
            "files": ["stillinger*"],
            "period": {
                "source": "file_name",
                "pattern": r"stillinger.(?P<year>\d{4})-(?P<month>\d{2})",
            },
            "columns": {
                "position_id": {"concat": ["Ans.nr", "Løpenr"]},
                "person_id": {"column": "Ans.nr", "pseudonymise": True},
                "unit_id": {
                    "column": "Ansvar",
                    "pattern": r"^(\d+)",
                    "unit_code": "cost_centre",
                },
                "position_pct": {"column": ["St.pros", "Stillingsprosent"]},
                "employment_type": {
                    "column": "Form",
                    "values": {"Fast": "permanent", "Vikar": "substitute"},
                },
                "start_date": {"column": "Fra"},
                "end_date": {"column": "Til"},
            },
            "ignore_columns": ["Stilling"],
            "max_quarantined_pct": 60,
        }
    ],
    "ledger": [
        {
            "id": "accounts",
            "table": "entries",
            "files": ["regnskap*"],
            "period": {"source": "year_period"},
            "identical_rows": "keep",
            "max_quarantined_pct": 60,
            "columns": {
                "unit_id": {"column": "Ansvar", "unit_code": "cost_centre"},
                "art": {"column": "Konto", "pattern": r"^\d(\d{3})"},
                "year": {"column": "Periode", "pattern": r"^(\d{4})"},
                "period": {"column": "Periode", "pattern": r"^\d{4}(\d{2})$"},
                "amount_type": {"constant": "accounts"},
                "amount_nok": {"column": "Regnskap"},
            },
        }
    ],
}
JANUARY = "stillinger_2012-01.csv"
POSITIONS_HEADER = "Ans.nr;Løpenr;Ansvar;Stilling;St.pros;Form;Fra;Til\n"


def position(
    number: str = "1234",
    *,
    unit: str = "3120 Gimle avd 1",
    pct: str = "80,00",
    form: str = "Fast",
    start: str = "01.08.2010",
    end: str = "31.12.9999",
) -> str:
    """Return one line of a positions file."""
    return f"{number};1;{unit};7174;{pct};{form};{start};{end}\n"


def positions(*lines: str) -> str:
    """Return a positions file with these lines."""
    return POSITIONS_HEADER + "".join(lines)


def feed(contract: str = "hr", index: int = 0, **changes: Any) -> Feed:
    """Return one of the fixture's feeds with some keys changed."""
    return Feed(contract=contract, **{**SOURCES[contract][index], **changes})


def ingest_all(ctx: IngestContext) -> list[DeliveryResult]:
    """Take in everything in the inbox, the register first; returns what was new."""
    results = [
        result
        for contract in in_reading_order(ctx.contracts)
        for result in ingest_contract(ctx, contract)
    ]
    return results + ingest_unmatched(ctx)


class House:
    """The municipality with its folders and warehouse."""

    _template: Path | None = None

    def __init__(self, root: Path) -> None:
        self.folder = root / "kommune"
        self.paths = Paths(root / "hjem").create()
        self.con = open_warehouse(self.paths.warehouse, CONTRACTS)
        self._municipality: Municipality | None = None

    @classmethod
    def build(cls, root: Path) -> "House":
        """Return a house whose organisation is taken in; made once, copied after that."""
        if cls._template is None:
            template = Path(tempfile.mkdtemp(prefix="pukk-test-"))
            atexit.register(shutil.rmtree, template, ignore_errors=True)
            house = cls(template)
            house.configure(SOURCES)
            house.drop("enheter.csv", UNITS)
            house.drop("koder.csv", CODES)
            assert [result.status for result in house.ingest()] == ["loaded", "loaded"]
            house.con.close()
            cls._template = template
        shutil.copytree(cls._template, root, dirs_exist_ok=True)
        return cls(root)

    def configure(self, sources: dict[str, Any]) -> None:
        """Write the municipality's YAML."""
        self._municipality = None
        (self.folder / "sources").mkdir(parents=True, exist_ok=True)
        profile = {
            "id": "proving",
            "name": "Prøving kommune",
            "first_month": "2010-01",
            "constructed": {"notice_nb": "Oppdiktet.", "notice_en": "Made up."},
        }
        self._write("municipality.yml", profile)
        self._write("metrics.yml", {"standard": []})
        for contract, feeds in sources.items():
            self._write(f"sources/{contract}.yml", {"contract": contract, "feeds": feeds})

    def change_feed(self, contract: str, index: int, **changes: Any) -> None:
        """Change one feed's YAML."""
        sources = deepcopy(SOURCES)
        sources[contract][index] |= changes
        self.configure(sources)

    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a file into the inbox."""
        path = self.paths.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self) -> list[DeliveryResult]:
        """Take in everything in the inbox; returns what was new."""
        return ingest_all(self.context())

    def context(self) -> IngestContext:
        """Return what ingest needs."""
        if self._municipality is None:
            self._municipality = load_municipality(self.folder)
        return IngestContext(self._municipality, CONTRACTS, self.paths, KEY, self.con)

    def take(self, name: str, content: str | bytes) -> DeliveryResult:
        """Put one file into the inbox and return the one result it gives."""
        self.drop(name, content)
        results = self.ingest()
        assert [result.file_name for result in results] == [name]
        return results[0]

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of the warehouse, in file order."""
        query = f"select * from {name} order by all"
        return self.con.sql(query).pl()

    def quarantine(self) -> list[tuple[int, str, str]]:
        """Return row, rule and reason of everything in quarantine."""
        frame = list_quarantine(self.con)
        return list(frame.select("source_row", "rule_id", "reason_nb").iter_rows())

    def warnings(self) -> dict[str, str]:
        """Return the warnings by code."""
        return dict(list_warnings(self.con).select("code", "message_nb").iter_rows())

    def _write(self, name: str, content: object) -> None:
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (self.folder / name).write_text(text, encoding="utf-8")


def workbook(
    sheets: dict[str, list[list[Any]]],
    hidden: tuple[str, ...] = (),
    merged: dict[str, str] | None = None,
) -> bytes:
    """Return an XLSX; ``merged`` are ranges of the first sheet and their text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(i, j, value, day)
                elif value is not None:
                    sheet.write(i, j, value)
        if name in hidden:
            sheet.hide()
    for span, text in (merged or {}).items():
        book.worksheets()[0].merge_range(span, text)
    book.close()
    return target.getvalue()
