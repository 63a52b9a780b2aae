"""Make a constructed municipality's deliveries: the same bytes every time.

What it contains is ``example.yml`` in the municipality's folder; this only puts the parts together.
"""

from pathlib import Path

import numpy as np

from pipelines.example.absence_files import write_absences
from pipelines.example.absences import make_absences
from pipelines.example.activity_files import write_activity
from pipelines.example.decisions import write_decisions
from pipelines.example.exports import write_figures, write_organisation, write_positions
from pipelines.example.lean import make_register
from pipelines.example.ledger import make_entries
from pipelines.example.ledger_files import write_ledger
from pipelines.example.people import make_positions
from pipelines.example.presence import fte_by_month, sick_fte_by_month
from pipelines.example.service_metrics import make_figures
from pipelines.example.size import PartWriter, add_parts, parts_of
from pipelines.example.spec import ExampleSpec, load_spec
from pipelines.example.truth import write_people, write_truth
from pipelines.example.workbook import write_register
from pipelines.example.writing import Delivery


def generate(municipality_folder: Path, inbox: Path, truth: Path, size: int = 1) -> list[Path]:
    """Write all deliveries of a constructed municipality, and what was planted in them.

    Args:
        municipality_folder: Holds ``example.yml``.
        inbox: Where the deliveries go, in one folder per source system.
        truth: Where ``truth.json`` and ``people.csv`` go; never read by the pipeline.
        size: How many times as many units and people; the parts after the first have no Lean.

    Returns:
        The delivered files in the order they would have arrived.

    Raises:
        ConfigError: ``example.yml`` is missing or malformed, or cannot be made so large.
    """
    spec = load_spec(municipality_folder)
    parts = parts_of(spec, size)
    streams = _streams(spec)
    deliveries = _write_people_and_money(spec, inbox, truth, streams)
    add_parts(deliveries, inbox, truth, (_part_writer(part) for part in parts))
    register = make_register(spec, streams[4])
    deliveries += [
        *write_register(spec, register, inbox),
        *write_activity(spec, register, inbox, streams[6]),
        *write_decisions(spec, inbox),
    ]
    write_truth(spec, deliveries, truth, size)
    return [inbox / path for path in dict.fromkeys(delivery.path for delivery in deliveries)]


def _streams(spec: ExampleSpec) -> list[np.random.Generator]:
    # one stream each: a change in one part leaves the others as they were
    part = [spec.part_no] if spec.part_no else []
    return [np.random.default_rng([spec.seed, stream, *part]) for stream in range(7)]


def _part_writer(part: ExampleSpec) -> PartWriter:
    return lambda inbox, truth: _write_people_and_money(part, inbox, truth, _streams(part))


def _write_people_and_money(
    spec: ExampleSpec, inbox: Path, truth: Path, streams: list[np.random.Generator]
) -> list[Delivery]:
    positions = make_positions(spec, streams[0])
    absences = make_absences(spec, positions, streams[1])
    fte = fte_by_month(spec, positions)
    sick_fte = sick_fte_by_month(spec, positions, absences)
    write_people(spec, positions, truth, streams[5])
    return [
        *write_organisation(spec, inbox),
        *write_positions(spec, positions, inbox),
        *write_absences(spec, absences, inbox),
        *write_ledger(spec, make_entries(spec, fte, sick_fte, streams[2]), inbox),
        *write_figures(spec, make_figures(spec, streams[3]), inbox),
    ]
