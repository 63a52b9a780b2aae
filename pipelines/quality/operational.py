"""The shape of a promise about the runs themselves; which there are is in ``operations``."""

from dataclasses import dataclass

from pipelines.contracts.model import Severity


@dataclass(frozen=True)
class OperationalCheck:
    """One promise about deliveries or about suppression.

    Attributes:
        rule_id: Stable name in the history.
        table_name: The table it is reported under.
        severity: An error stops the gate.
        promised_nb: The promise as a sentence.
        counted_nb: What the rows are, in the plural: ``leveranser``.
        sql: Gives the column ``problem``; ``?`` stands for the list of SHA-256 in the inbox.
        names_problems: Whether the problems may be shown (file names and codes, never values).
    """

    rule_id: str
    table_name: str
    severity: Severity
    promised_nb: str
    counted_nb: str
    sql: str
    names_problems: bool
