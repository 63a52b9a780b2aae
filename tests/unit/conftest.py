"""A place to publish to, for the files that publish the small town of `publishing_town`."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Folders of a municipality of one's own."""
    return Paths(tmp_path / "kommunen").create()


@pytest.fixture
def con(
    tmp_path_factory: pytest.TempPathFactory, paths: Paths
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The town's warehouse in those folders, open; a file with another warehouse has its own."""
    from tests.unit.publishing_town import open_town  # most files here do not publish

    with open_town(tmp_path_factory, paths) as con:
        yield con
