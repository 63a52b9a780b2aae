"""Every error a user can meet: what happened, where, and the way out, in bokmål.

Errors that only a programmer can cause are ordinary exceptions and do not belong here.
"""


class PukkError(Exception):
    """A problem the user can act on.

    Args:
        message: What is wrong, in bokmål.
        where: File, row, column or key, if known.
        way_out: What the user can do about it.
    """

    exit_code = 1

    def __init__(
        self, message: str, *, where: str | None = None, way_out: str | None = None
    ) -> None:
        self.message = message
        self.where = where
        self.way_out = way_out
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The whole message as one line: where, what, way out."""
        parts = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.way_out:
            parts.append(self.way_out)
        return " ".join(parts)


class ConfigError(PukkError):
    """A municipality's YAML is missing, malformed or contradicts itself."""

    exit_code = 2


class NewerStoreError(ConfigError):
    """A newer version of the program has written here; this one leaves it as it is."""


class ContractError(PukkError):
    """A data contract cannot be read, or a generated file is stale."""

    exit_code = 2


class DeliveryRejectedError(PukkError):
    """A whole file is refused: it cannot be read, or its shape breaks the contract.

    Args:
        code: Stable reason code, e.g. ``missing_column``.
        message: What is wrong, in bokmål; never a value from the file.
        where: File and, if known, row and column.
        way_out: What the user can do about it.
    """

    exit_code = 3

    def __init__(
        self, code: str, message: str, *, where: str | None = None, way_out: str | None = None
    ) -> None:
        self.code = code
        super().__init__(message, where=where, way_out=way_out)


class NothingDeliveredError(PukkError):
    """There is nothing to compute from: the inbox is empty, or nothing in it can be read."""

    exit_code = 2


class GateError(PukkError):
    """A quality gate stopped the run; what was published stands."""

    exit_code = 3


class PublishError(PukkError):
    """A generation could not be built, verified or pointed to; what was published stands."""

    exit_code = 4


class QueryError(PukkError):
    """A query was refused or stopped.

    Args:
        code: Stable reason code of ``pipelines.desk.refusals``.
        message: What is wrong, in bokmål.
        way_out: What the user can do about it.
    """

    exit_code = 5

    def __init__(self, code: str, message: str, *, way_out: str | None = None) -> None:
        self.code = code
        super().__init__(message, way_out=way_out)


class BusyError(PukkError):
    """Another run holds the warehouse."""

    exit_code = 6


class DamagedError(PukkError):
    """A file of what cannot be computed again is gone or is not what was written."""

    exit_code = 7


class OutlivedError(DamagedError):
    """The warehouse is from before rows were deleted or written anew for good."""
