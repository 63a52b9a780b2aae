"""The tables of docs/methods that are told from the seeds, so that no rule is written twice.

`python -m tests.statistics.method_tables` writes them where the documents have a place for them.
The tables of docs/methods/calibration.md are measured, see calibration_report.
"""

import re
from collections.abc import Callable, Mapping

import polars as pl

from pipelines.settings import DBT_DIR, REPO_ROOT
from pipelines.words.catalogue import find
from tests.statistics.readers_test import SERIES, sentence

METHODS = REPO_ROOT / "docs" / "methods"
_CHART_SETTINGS = DBT_DIR / "macros" / "charts" / "chart_settings.sql"
_COMPARISONS = {"above": ">", "at_least": "at least", "below": "<"}


def truth_table() -> str:
    """One row per class of the comparison and headline, with the chart verdicts that lead to it."""
    rules = _seed("headline_rules")
    codes = _seed("headlines").select("headline", "headline_group", "headline_nb")
    rows = (
        rules.join(codes, on="headline", how="left", validate="m:1")
        .with_row_index("place")
        .group_by("effect_class", "headline", "headline_group", "headline_nb", "basis")
        .agg(pl.col("place").min(), pl.col("chart_verdict").alias("charts"))
        .with_columns(pl.col("place").min().over("effect_class").alias("class_place"))
        .sort("class_place", "place")
    )
    lines = []
    for row in rows.iter_rows(named=True):
        charts = ", ".join(f"`{code}`" if code != "*" else "any" for code in row["charts"])
        lines.append(
            (
                f"`{row['effect_class']}`",
                charts,
                f"`{row['headline']}`: {row['headline_nb']}",
                row["headline_group"],
                row["basis"],
            )
        )
    return _table(("comparison", "chart", "headline", "group", "rests on"), lines)


def gain_statuses() -> str:
    """What may be said of realised beside measured, in the words of the seed."""
    return _coded("gain_statuses", "status", "status", {"status_set": "check"})


def saving_statuses() -> str:
    """What the budget says of a saving."""
    return _coded("gain_statuses", "status", "status", {"status_set": "saving"})


def gain_issues() -> str:
    """What can be wrong with a gain."""
    rows = _seed("gain_issues").iter_rows(named=True)
    return _table(
        ("issue", "severity", "shown as", "in words"),
        [
            (
                f"`{r['issue']}`",
                r["severity"],
                r["issue_nb"],
                _said(f"sentence.gain_issue.{r['issue']}"),
            )
            for r in rows
        ],
    )


def step_problems() -> str:
    """How far the data carry a cycle, by what is missing."""
    rows = _seed("step_problems").iter_rows(named=True)
    needed = str(_chart_setting("least_after"))
    return _table(
        ("missing", "carries to", "said when the cycle claims more"),
        [
            (
                f"`{r['problem_code']}`",
                f"`{r['step_supported']}`",
                r["problem_en"].replace("{needed}", needed).replace("{missing}", "N"),
            )
            for r in rows
        ],
    )


def baseline_states() -> str:
    """What may have happened to a baseline since it was frozen."""
    rows = _seed("baseline_states").iter_rows(named=True)
    return _table(("state", "in words"), [(f"`{r['state']}`", r["state_en"]) for r in rows])


def rebase_outcomes() -> str:
    """What becomes of a decision on a new basis, and why."""
    needed = str(_chart_setting("least_new_basis"))
    rows = _seed("rebase_outcomes").iter_rows(named=True)
    return _table(
        ("outcome", "in words"),
        [
            (
                f"`{r['outcome']}`",
                r["outcome_en"].replace("{needed}", needed).replace("{points}", "N"),
            )
            for r in rows
        ],
    )


def pitfall_rules() -> str:
    """The signals of the six pitfalls and their limits."""
    rows = _seed("pitfall_rules").join(_seed("pitfalls"), on="pitfall_no", validate="m:1")
    return _table(
        ("pitfall", "signal", "given when", "figure", "needs"),
        [
            (
                f"{r['pitfall_no']} {r['pitfall_en']}",
                f"`{r['signal_id']}`" + (" (all units)" if r["scope"] == "municipality" else ""),
                _limits(_said(f"sentence.pitfall_rule.{r['signal_id']}"), r),
                f"{r['value_unit']} {_COMPARISONS[r['comparison']]} {_number(r['threshold'])}",
                "" if r["needs"] is None else f"`{r['needs']}`",
            )
            for r in rows.sort("signal_order").iter_rows(named=True)
        ],
    )


def maturity_levels() -> str:
    """The six levels and what leads to the next."""
    rows = _seed("maturity_levels").iter_rows(named=True)
    return _table(
        ("level", "bokmål", "English", "next step"),
        [(str(r["level"]), r["level_nb"], r["level_en"], r["next_step_en"]) for r in rows],
    )


def kotter_steps() -> str:
    """The eight steps, their phase, and the figure that is held against five of them."""
    rows = _seed("kotter_steps").iter_rows(named=True)
    return _table(
        ("step", "bokmål", "phase", "figure beside"),
        [
            (
                f"{r['step']} {r['step_en']}",
                r["step_nb"],
                f"{r['phase_en']} ({r['phase_nb'].lower()})",
                r["hint_en"] or "none",
            )
            for r in rows
        ],
    )


def culture_factors() -> str:
    """The ten factors of 10-FAKTOR, the only ones a survey may have."""
    rows = _seed("culture_factors").sort("factor_order").iter_rows(named=True)
    return _table(
        ("factor", "bokmål", "English"),
        [(f"`{r['factor_id']}`", r["factor_nb"], r["factor_en"]) for r in rows],
    )


def readers_test() -> str:
    """Twenty series with their sentences, and what may and may not be concluded."""
    return _table(
        ("", "what is said", "may be concluded", "may not"),
        [
            (str(place), sentence(series, "en"), series.may, series.may_not)
            for place, series in enumerate(SERIES, 1)
        ],
    )


# (document, name of the place) -> table
TABLES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("headline", "truth table"): truth_table,
    ("headline", "readers test"): readers_test,
    ("gains", "statuses"): gain_statuses,
    ("gains", "savings"): saving_statuses,
    ("gains", "issues"): gain_issues,
    ("cycles", "steps"): step_problems,
    ("cycles", "states"): baseline_states,
    ("cycles", "outcomes"): rebase_outcomes,
    ("pitfalls_maturity_culture", "pitfalls"): pitfall_rules,
    ("pitfalls_maturity_culture", "maturity"): maturity_levels,
    ("pitfalls_maturity_culture", "kotter"): kotter_steps,
    ("pitfalls_maturity_culture", "factors"): culture_factors,
}


def text_of(document: str) -> str:
    """The whole text of a document."""
    return (METHODS / f"{document}.md").read_text(encoding="utf-8")


def written(document: str, name: str) -> str:
    """The table that stands in a document."""
    return _parts(document, name)[1]


def main() -> None:
    """Write every table into its place."""
    for (document, name), table in TABLES.items():
        before, _, after = _parts(document, name)
        (METHODS / f"{document}.md").write_text(f"{before}{table()}{after}", encoding="utf-8")


def _parts(document: str, name: str) -> tuple[str, str, str]:
    """The text of a document up to a table, the table, and the rest; places included."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, rest = text_of(document).split(begin)
    table, after = rest.split(end)
    return before + begin, table, end + after


def _seed(name: str) -> pl.DataFrame:
    return pl.read_csv(DBT_DIR / "seeds" / f"{name}.csv")


def _coded(seed: str, code: str, word: str, where: Mapping[str, str]) -> str:
    rows = _seed(seed).filter(**where).iter_rows(named=True)
    return _table(
        ("code", "shown as", "in words"),
        [
            (
                f"`{r[code]}`",
                r[f"{word}_nb"],
                _said(f"sentence.gain_check.{r['status_set']}.{r[code]}"),
            )
            for r in rows
        ],
    )


def _said(key: str) -> str:
    return find(key, "en") or ""


def _limits(text: str, rule: Mapping[str, object]) -> str:
    for place in ("threshold", "limit_2"):
        text = text.replace(f"{{{place}}}", _number(rule[place]))
    return text


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):g}"


def _chart_setting(name: str) -> int:
    """A whole number from the one place the charts' settings are written."""
    found = re.search(rf"'{name}': (\d+),", _CHART_SETTINGS.read_text(encoding="utf-8"))
    assert found, f"{name} is not in {_CHART_SETTINGS.name}"
    return int(found.group(1))


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()
