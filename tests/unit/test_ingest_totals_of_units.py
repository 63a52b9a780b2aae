"""A list without figures: a unit may be called what it likes, and the list may end with a count."""

import pytest

from pipelines.ingest.reading import read_sheet
from pipelines.municipality.feeds import Feed


def units(text):
    columns = {name: {"column": name} for name in ("unit_id", "unit_name", "sector")}
    feed = Feed(contract="organisation", id="f", table="units", files=["*"],
                period={"source": "all"}, columns=columns)  # fmt: skip
    return (
        read_sheet(("unit_id;unit_name;sector\n" + text).encode(), feed).rows["unit_id"].to_list()
    )


@pytest.mark.parametrize("name", ["Summen barnehage", "Totalen", "Sum barnehage", "Total omsorg"])
def test_a_unit_of_such_a_name_is_a_unit_wherever_its_name_stands(name):
    assert units(f"E1;Gimle;Omsorg\nE4;{name};Oppvekst\n") == ["E1", "E4"]
    assert units(f"E1;Gimle;Omsorg\n{name};{name};Oppvekst\n") == ["E1", name]


def test_a_register_may_end_with_a_count():
    assert units("E1;Gimle;Omsorg\nSum;1;\n") == ["E1"]
