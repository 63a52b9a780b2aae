"""Why a part is hidden is one reason to readers: told apart, they say how many were away."""

import yaml

from pipelines.settings import REPO_ROOT

TOLD_APART = {"few_contributors", "one_month", "split_sibling"}


def promised(table: str) -> set[str]:
    """Return the reasons a published table may give; the gate stops every other."""
    file = REPO_ROOT / "data_contracts" / "products" / f"{table}.odcs.yaml"
    told = yaml.safe_load(file.read_text("utf-8"))
    (column,) = [
        each for each in told["schema"][0]["properties"] if each["name"] == "suppression_reason"
    ]
    return set(column["quality"][0]["arguments"]["validValues"])


def test_a_part_is_told_to_be_hidden_for_one_reason() -> None:
    years, months = promised("mart_metric_years"), promised("fct_metric_months")
    assert "few_behind" in years & months
    assert not TOLD_APART & (years | months)
    # of a year that is shown in parts this would say that three or more were behind it
    assert "secondary" not in years
