"""An edition from before the sentences were made on reading is read with its own words."""

from pathlib import Path

import duckdb

from dashboards.access import LOCAL_VIEWER
from dashboards.context import Context
from dashboards.reports.told import headlines


def test_an_older_edition_speaks_with_its_own_words_and_adds_up(tmp_path: Path) -> None:
    file = tmp_path / "generation-000001.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(
            "create table mart_headlines as select 'u1' as unit_id, 'sick' as metric_id,"
            " 'c1' as cycle_id, 'improved' as headline_group, 'improved' as headline,"
            " 'comparison' as basis, null as lowered_by, 4.04::double as value_before,"
            " 3.96::double as value_after, 'Bedre enn ventet' as headline_nb,"
            " 'Gikk ned.' as sentence_nb"
        )
        con.execute(
            "create table dim_metrics as select 'sick' as metric_id, 'Fravær' as label_nb,"
            " 'Leave' as label_en, 'pct' as unit, 1 as decimals, 'lower' as direction"
        )
    (row,) = headlines(Context(str(file), "nb", LOCAL_VIEWER))
    assert (row["verdict_class"], row["verdict"]) == ("better", "Bedre enn ventet")
    assert (row["sentence"], row["change"]) == ("Gikk ned.", 0.0)
