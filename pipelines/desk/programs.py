"""The programs of ours that are started as processes: which module each is, and who starts it.

An import shows who leans on whom; a module's name in a string hides it. So such names stand here
and nowhere else, and ``docs/architecture/rooms.md`` draws them. What a program is told of our
environment lives in ``child_environment``; how it is started, with who starts it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program of ours in a process of its own.

    Attributes:
        module: What is run.
        started_by: The module that starts it.
        gets: What passes between the two; neither imports the other.
    """

    module: str
    started_by: str
    gets: str

    @property
    def file(self) -> str:
        """The module's file, from the folder of the project."""
        return f"{self.module.replace('.', '/')}.py"


QUERY = Program(
    "pipelines.publishing.query_child",
    "pipelines.desk.ask",
    "one JSON request by stdin; a JSON line and an Arrow stream back",
)
EXPLAINING = Program(
    "pipelines.publishing.explained_child",
    "pipelines.desk.explaining",
    "one JSON request by stdin; JSON back, or nothing where there is no such figure",
)
COMPARING = Program(
    "pipelines.publishing.changes_child",
    "pipelines.desk.comparing",
    "one JSON request by stdin; JSON back, or nothing where a file is not whole",
)
TRYING = Program(
    "pipelines.ingest.trial_child",
    "pipelines.desk.trying",
    "a JSON line and the files by stdin; JSON back",
)
SIGNALS = Program(
    "dashboards.reports.signals",
    "pipelines.notices.leaders",
    "one JSON request by stdin; a JSON list of messages back",
)
REPORTS = Program(
    "dashboards.reports",
    "pipelines.cli.take",
    "arguments; a PDF, or a reason as the last line of stderr",
)
POOLING = Program(
    "dashboards.reports.pooling",
    "pipelines.cli.evidence_told",
    "arguments, and what is told as JSON by stdin; a page and a PDF",
)
OUTBOX = Program(
    "dashboards.reports.outbox",
    "pipelines.cli.deliver",
    "arguments; what became of each line, as JSON",
)
JUDGING = Program(
    "pipelines.quality.judging",
    "pipelines.quality.beside",
    "promises and counts, a JSON line each way",
)
COMPUTING = Program(
    "pipelines.defs.computing",
    "pipelines.defs.dbt_beside",
    "dbt's arguments and the municipality's folder; dbt's events, a JSON line each way",
)
PAGES = Program(
    "dashboards.asgi", "pipelines.cli.serve", "folders and files by environment; runs until stopped"
)
DAGSTER_PAGE = Program(
    "pipelines.defs.dagster_page",
    "pipelines.cli.serve",
    "the file with the page's address and key; runs until stopped",
)
DAGSTER = Program(
    "pipelines.definitions",
    "pipelines.defs.dagster_page",
    "Dagster loads it as workspace.yaml says; runs until stopped",
)
EVENT_LOG = Program(
    "pipelines.defs.event_log",
    "pipelines.defs.dagster_home",
    "Dagster loads it as dagster.yaml says, in each of its processes",
)
COMMAND = Program(
    "pipelines.cli.app",
    "pipelines.fleet.work",
    "a command's words; what it says, as JSON where it is asked for",
)
PROGRAMS = (
    *(COMMAND, QUERY, EXPLAINING, COMPARING, TRYING, REPORTS, POOLING, OUTBOX, JUDGING),
    *(COMPUTING, PAGES, DAGSTER_PAGE, DAGSTER, EVENT_LOG, SIGNALS),
)
