"""The truth table of the headline as Markdown, from its seeds.

`python -m tests.statistics.headline_document` writes it into docs/methods/headline.md.
"""

import polars as pl

from pipelines.settings import DBT_DIR, REPO_ROOT

DOCUMENT = REPO_ROOT / "docs" / "methods" / "headline.md"
BEGIN, END = "<!-- truth table: begin -->\n", "<!-- truth table: end -->\n"


def truth_table() -> str:
    """One row per class of the comparison and headline, with the chart verdicts that lead to it."""
    rules = pl.read_csv(DBT_DIR / "seeds" / "headline_rules.csv")
    codes = pl.read_csv(DBT_DIR / "seeds" / "headlines.csv").select(
        "headline", "headline_group", "headline_nb"
    )
    rows = (
        rules.join(codes, on="headline", how="left", validate="m:1")
        .with_row_index("place")
        .group_by("effect_class", "headline", "headline_group", "headline_nb", "basis")
        .agg(pl.col("place").min(), pl.col("chart_verdict").alias("charts"))
        .with_columns(pl.col("place").min().over("effect_class").alias("class_place"))
        .sort("class_place", "place")
    )
    lines = [
        "| comparison | chart | headline | group | rests on |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows.iter_rows(named=True):
        charts = ", ".join(f"`{code}`" if code != "*" else "any" for code in row["charts"])
        lines.append(
            f"| `{row['effect_class']}` | {charts} | `{row['headline']}`: {row['headline_nb']} "
            f"| {row['headline_group']} | {row['basis']} |"
        )
    return "\n".join(lines) + "\n"


def written() -> str:
    """The table that stands in the document."""
    return DOCUMENT.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


def main() -> None:
    """Write the table into the document."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}{truth_table()}{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
