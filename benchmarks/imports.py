"""The libraries of a night, imported and nothing else: the unit that a night is counted in.

``python -m benchmarks.imports``. The list is what a forced night has loaded when it is done; a test
compares it with a real one.
"""

import importlib
import warnings

LIBRARIES = (
    "dagster",
    "dagster_dbt",
    "dbt.adapters.duckdb",
    "dbt.cli.main",
    "duckdb",
    "great_expectations",
    "great_expectations.expectations",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pydantic",
    "scipy.optimize",
    "scipy.stats",
    "yaml",
)


def main() -> None:
    """Import them all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in LIBRARIES:
            importlib.import_module(name)


if __name__ == "__main__":
    main()
