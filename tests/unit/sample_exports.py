"""Taking in one made-up export from bytes to contract rows, and the mappings the samples share."""

from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.ingest.assemble import Inputs, assemble
from pipelines.ingest.periods import file_period, with_period
from pipelines.ingest.pseudonyms import pseudonym
from pipelines.ingest.reading import read_sheet
from pipelines.ingest.split import Split, split
from pipelines.ingest.units import UnitIndex
from pipelines.municipality.feeds import Feed
from tests.ingest_fixture import CONTRACTS, KEY

UNITS = UnitIndex(
    pl.DataFrame(
        {
            "code_system": ["ansvar", "ansvar", "ansvar", "navn", "navn"],
            "key": ["3120", "312001", "25300", "gimle 5", "fysio/ergo"],
            "unit_id": ["E1", "E1", "E1", "E1", "E4"],
            "valid_from": [None] * 5,
            "valid_to": [None] * 5,
        },
        schema_overrides={"valid_from": pl.Date, "valid_to": pl.Date},
    ),
    "f",
)
P1234 = pseudonym("1234", KEY)


def take_in(
    contract: str,
    table: str,
    columns: dict[str, Any],
    text: str | bytes,
    name: str = "fil.csv",
    **feed: Any,
) -> Split:
    """Return the split of one file."""
    made = Feed(
        contract=contract,
        id="f",
        table=table,
        files=["*"],
        columns=columns,
        **({"period": {"source": "all"}} | feed),
    )
    raw = text if isinstance(text, bytes) else text.encode()
    sheet = read_sheet(raw, made)
    the_table = CONTRACTS[contract].tables[table]
    period = file_period(made, name)
    found = assemble(sheet, Inputs(made, the_table, UNITS, KEY, period))
    found = replace(found, rows=with_period(found.rows, made, period))
    return split(sheet, found, made, the_table)


SPELLS = {
    "person_id": {"column": "Ansattnr", "pseudonymise": True},
    "unit_id": {"column": "Enhet", "pattern": r"^(\d+)", "unit_code": "ansvar"},
    "start_date": {"column": "Fra dato"},
    "end_date": {"column": "Til dato"},
    "absence_type": {
        "column": "Fraværskode",
        "values": {"EGENM": "self_certified", "SM": "certified", "SM50": "certified"},
    },
    "grade_pct": {"column": "Grad"},
}
SPELL_HEADER = "Ansattnr;Navn;Enhet;Fra dato;Til dato;Fraværskode;Grad;Dager\n"
SPELL = "001234;***;3120 Gimle avd 1;03.01.2012;10.01.2012;EGENM;100;8\n"
LEDGER = {
    "unit_id": {"column": "Ansvar", "unit_code": "ansvar"},
    "cost_centre": {"column": "Ansvar"},
    "account": {"column": "Konto(T)", "pattern": r"^(\d{5})"},
    "account_class": {"column": "Konto(T)", "pattern": r"^(\d)"},
    "art": {"column": "Konto(T)", "pattern": r"^\d(\d{3})"},
    "function": {"column": "Tjeneste", "pattern": r"^(\d{3})"},
    "year": {"column": "Periode", "pattern": r"^(\d{4})"},
    "period": {"column": "Periode", "pattern": r"^\d{4}(\d\d)$"},
}
POSITIONS = {
    "position_id": {"column": "Ans.nr"},
    "person_id": {"column": "Ans.nr", "pseudonymise": True},
    "unit_id": {"constant": "3120", "unit_code": "ansvar"},
    "job_code": {"column": "Stilling"},
    "position_pct": {"column": "St.pros"},
    "employment_type": {"column": "Form", "values": {"fast": "permanent"}},
    "start_date": {"column": "Fra"},
    "end_date": {"column": "Til"},
}
