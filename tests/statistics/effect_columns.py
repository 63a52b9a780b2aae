"""Which column of a study is what: said by the case, else read from what the columns hold.

A case may say it itself (``columns``: role -> name, or the role as a key of its own). Otherwise a
column is known by its form, and where two could be meant the case fails: nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl


def said(expected: Mapping[str, Any], role: str) -> str | None:
    """The column that the case itself names for a role."""
    named = expected.get("columns")
    if isinstance(named, Mapping) and isinstance(named.get(role), str):
        return str(named[role])
    own = expected.get(f"{role}_column", expected.get(role))
    return own if isinstance(own, str) else None


def column(
    data: pl.DataFrame, expected: Mapping[str, Any], role: str, fitting: Iterable[str]
) -> str:
    """The column of a role.

    Args:
        data: The study.
        expected: The case.
        role: unit, time, outcome, cohort, ...
        fitting: Columns whose content fits the role.

    Raises:
        ValueError: The case names a column that is not there, or none or several fit.
    """
    name = said(expected, role)
    if name is not None and name in data.columns:
        return name
    found = list(dict.fromkeys(fitting))
    if len(found) != 1:
        raise ValueError(f"{role}: {found or 'no column'} could be meant; the case must say which")
    return found[0]


def numbers(data: pl.DataFrame) -> list[str]:
    """Columns of numbers."""
    return [name for name in data.columns if data[name].dtype.is_numeric()]


def holds(data: pl.DataFrame, values: Iterable[Any]) -> list[str]:
    """Columns of numbers that hold every one of some values, whole numbers only."""
    wanted = {float(value) for value in values}
    found = []
    for name in numbers(data):
        seen = set(data[name].drop_nulls().cast(pl.Float64).unique().to_list())
        if wanted <= seen and all(value == int(value) for value in seen):
            found.append(name)
    return found


def panel_keys(data: pl.DataFrame, times: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of unit and time column that name every row once, each unit seen more than once."""
    pairs = []
    for time in times:
        for unit in data.columns:
            if unit == time or data[unit].dtype.is_float():
                continue
            n_units = data[unit].n_unique()
            is_key = data.select(unit, time).n_unique() == data.height
            if is_key and 1 < n_units < data.height:
                pairs.append((unit, time))
    return pairs


def constant_within(data: pl.DataFrame, unit: str) -> list[str]:
    """Columns that have one value for each unit."""
    counts = data.group_by(unit).agg(pl.exclude(unit).n_unique())
    return [name for name in counts.columns if name != unit and counts[name].max() == 1]


def moving_within(data: pl.DataFrame, unit: str, but: Iterable[str]) -> list[str]:
    """Columns of decimals that differ within units; what is left can be an outcome."""
    constant = {*constant_within(data, unit), unit, *but}
    return [n for n in data.columns if n not in constant and data[n].dtype.is_float()]


def interrupted_columns(data: pl.DataFrame, expected: Mapping[str, Any]) -> list[str]:
    """Counts, what they are among, months from the first, step and calendar month."""
    n = data.height
    whole = numbers(data)
    series = {name: data[name].cast(pl.Float64).to_numpy() for name in whole}
    running = [name for name in whole if (np.diff(series[name]) == 1).all()]
    time = column(data, expected, "time", running)
    steps = [
        name for name in whole
        if set(series[name]) == {0.0, 1.0} and (np.diff(series[name]) >= 0).all()
    ]  # fmt: skip
    step = column(data, expected, "step", steps)
    calendar = [
        name for name in whole
        if set(series[name]) == set(range(1, 13)) and (np.diff(series[name]) != 0).all()
    ]  # fmt: skip
    month = column(data, expected, "month", calendar)
    rest = [name for name in whole if name not in (time, step, month) and n > 1]
    counts = [
        name for name in rest
        if (series[name] == series[name].round()).all() and not (np.diff(series[name]) >= 0).all()
        and series[name].max() < max(series[other].max() for other in rest)
    ]  # fmt: skip
    events = column(data, expected, "counts", counts)
    among = [name for name in rest if name != events and series[name].min() > series[events].max()]
    # a standardised population is what rates are of; a plain one beside it is not
    standard = [name for name in among if name.startswith("std")] or among
    return [events, column(data, expected, "exposure", standard), time, step, month]
