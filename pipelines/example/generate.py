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
from pipelines.example.spec import load_spec
from pipelines.example.truth import write_people, write_truth
from pipelines.example.workbook import write_register


def generate(municipality_folder: Path, inbox: Path, truth: Path) -> list[Path]:
    """Write all deliveries of a constructed municipality, and what was planted in them.

    Args:
        municipality_folder: Holds ``example.yml``.
        inbox: Where the deliveries go, in one folder per source system.
        truth: Where ``truth.json`` and ``people.csv`` go; never read by the pipeline.

    Returns:
        The delivered files in the order they would have arrived.

    Raises:
        ConfigError: ``example.yml`` is missing or malformed.
    """
    spec = load_spec(municipality_folder)
    # one stream each: a change in one part leaves the others as they were
    streams = [np.random.default_rng([spec.seed, part]) for part in range(7)]
    positions = make_positions(spec, streams[0])
    absences = make_absences(spec, positions, streams[1])
    fte = fte_by_month(spec, positions)
    sick_fte = sick_fte_by_month(spec, positions, absences)
    register = make_register(spec, streams[4])
    deliveries = [
        *write_organisation(spec, inbox),
        *write_positions(spec, positions, inbox),
        *write_absences(spec, absences, inbox),
        *write_ledger(spec, make_entries(spec, fte, sick_fte, streams[2]), inbox),
        *write_figures(spec, make_figures(spec, streams[3]), inbox),
        *write_register(spec, register, inbox),
        *write_activity(spec, register, inbox, streams[6]),
        *write_decisions(spec, inbox),
    ]
    write_people(spec, positions, truth, streams[5])
    write_truth(spec, deliveries, truth)
    return [inbox / path for path in dict.fromkeys(delivery.path for delivery in deliveries)]
