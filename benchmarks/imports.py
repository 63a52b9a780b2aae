"""The libraries of a night, imported and nothing else: the unit that a night is counted in.

``python -m benchmarks.imports``. The list is what a forced night has loaded when it is done, in its
own process or in those beside it that compute and judge; a test compares it with a real one.
"""

import importlib
import warnings

IN_THE_RUN = (
    "dagster",
    "duckdb",
    "numpy",
    "polars",
    "pyarrow",
    "pydantic",
    "yaml",
)
BESIDE_IT = (
    "dbt.adapters.duckdb",
    "dbt.cli.main",
    "great_expectations",
    "great_expectations.expectations",
    "pandas",
)
LIBRARIES = (*IN_THE_RUN, *BESIDE_IT)


def main() -> None:
    """Import them all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in LIBRARIES:
            importlib.import_module(name)


if __name__ == "__main__":
    main()
