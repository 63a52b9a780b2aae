"""The accessibility statement says whom to contact, or that the municipality has not said."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

SCRIPT = """
from dashboards.components.statement import statement
statement({language!r}, {generation!r})
"""
CONTACT = "Servicetorget, postmottak@test.no, *61* 00 00 00"


@pytest.fixture
def said(tmp_path: Path) -> Callable[..., str]:
    """The statement's text, over a published file with the given columns; or over none."""
    from streamlit.testing.v1 import AppTest

    def write(language: str, columns: str | None) -> str:
        file = tmp_path / "generation-000001.duckdb"
        if columns is not None:
            with duckdb.connect(str(file)) as con:
                con.execute(f"create table mart_municipality as select {columns}")
        generation = None if columns is None else str(file)
        page = AppTest.from_string(SCRIPT.format(language=language, generation=generation)).run()
        assert not page.exception
        return "\n".join(part.value for part in page.markdown).replace("\\", "")

    return write


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nb", "Kontakt i Test kommune: "), ("en", "Contact in Test kommune: ")],
)
def test_the_contact_is_named_without_login_and_as_it_stands(
    said: Callable[..., str], language: str, sentence: str
) -> None:
    columns = f"'Test kommune' as name, '{CONTACT}' as accessibility_contact"
    assert f"{sentence}{CONTACT}" in said(language, columns)


@pytest.mark.parametrize(
    "columns",
    [
        "'Test kommune' as name, cast(null as varchar) as accessibility_contact",
        "'Test kommune' as name",
        None,
    ],
)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nb", "Kommunen har ikke oppgitt hvem"), ("en", "The municipality has not stated whom")],
)
def test_a_municipality_without_a_contact_is_said_not_to_have_stated_one(
    said: Callable[..., str], language: str, sentence: str, columns: str | None
) -> None:
    assert sentence in said(language, columns)
