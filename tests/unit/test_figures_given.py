"""Figures on the command line: comma or point, and nothing that is no number."""

import pytest

from pipelines.cli.given import figure
from pipelines.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"), [("5,5", 5.5), ("5.5", 5.5), (" 7 ", 7.0), ("-0,6", -0.6), ("\u22121", -1.0)]
)
def test_a_figure_is_read_as_it_is_written_here(text: str, value: float) -> None:
    assert figure(text) == value


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "fem", "", "1.000,5"])
def test_what_is_no_figure_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="ikke et tall"):
        figure(text)
