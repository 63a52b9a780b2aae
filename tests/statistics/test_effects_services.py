"""Kinds of service as groups of their own: pooled where they are said, and no other group moves."""

from dataclasses import replace
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from pipelines.effects.tables.run import estimate_effects
from tests.statistics.effect_worlds import planted_world


def test_a_kind_of_service_is_pooled_where_it_is_said_and_changes_no_other_group(
    tmp_path: Path,
) -> None:
    world = planted_world()
    unsaid = estimate_effects(world, tmp_path, workers=1).pooled
    said = world.units.with_columns(
        service_type=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("home_care"))
    )
    found = estimate_effects(replace(world, units=said), tmp_path, workers=1).pooled
    service = found.filter(pl.col("group_type") == "service_type")
    assert service["group_id"].unique().to_list() == ["home_care"]
    headline = service.filter((pl.col("kind") == "window") & (pl.col("last_month_after") == 23))
    assert 2 <= headline["n_units"].min() < 8
    assert_frame_equal(found.filter(pl.col("group_type") != "service_type"), unsaid)
