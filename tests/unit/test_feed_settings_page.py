"""Every setting of a feed stands on the page with an example that is accepted as it stands."""

import pytest
from pydantic import TypeAdapter

from pipelines.municipality import feeds, file_layout
from pipelines.municipality.__main__ import generated_files
from pipelines.municipality.settings_page import PAGE, settings_page, shapes, told_settings
from pipelines.settings import REPO_ROOT

TOLD = {name: keys for name, keys in told_settings().items() if name != "headings"}


def test_every_setting_of_the_schema_is_told_and_nothing_else() -> None:
    there = {name: set(shape["properties"]) for name, shape in shapes().items()}
    assert {name: set(keys) for name, keys in TOLD.items()} == there


@pytest.mark.parametrize(
    ("shape", "key"), [(shape, key) for shape, keys in TOLD.items() for key in keys]
)
def test_every_example_is_accepted(shape: str, key: str) -> None:
    model = getattr(feeds, shape, None) or getattr(file_layout, shape)
    field = model.model_fields[key]
    text, example = TOLD[shape][key]
    assert text.endswith(".")
    TypeAdapter(field.annotation).validate_python(example)


def test_the_page_is_fresh_and_has_a_row_for_each_setting() -> None:
    assert (REPO_ROOT / PAGE).read_text(encoding="utf-8") == settings_page()
    assert REPO_ROOT / PAGE in generated_files()
    page = settings_page()
    assert page.count("\n| `") == sum(len(keys) for keys in TOLD.values())
