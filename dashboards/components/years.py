"""What a unit shows per year and not per month, drawn on its page."""

from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import table
from dashboards.context import Context
from dashboards.reports.unit_years import Told, windows_of, years_of

Row = dict[str, Any]


def years(context: Context, unit_id: str, metrics: dict[str, Row]) -> None:
    """Draw the unit's years and its windows; nothing where the edition has none.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: Label, unit and decimals by metric, in the order they are shown.
    """
    told = years_of(context, unit_id, metrics)
    if told is None:
        return
    st.header(context.t("parts_by_year"), anchor=False)
    st.markdown(context.t("parts_by_year_words"))
    _draw(context, told, "enhet-aar", context.t("parts_by_year"), unit_id)
    windows = windows_of(context, unit_id, metrics)
    if windows is not None:
        st.markdown(context.t("parts_before_after_words"))
        title = f"{context.t('parts_by_year')}: {context.t('before_and_after')}"
        _draw(context, windows, "enhet-aar-for-og-etter", title, unit_id)


def _draw(context: Context, told: Told, subject: str, title: str, unit_id: str) -> None:
    table([dict(zip(told.columns, line, strict=True)) for line in told.shown])
    table_buttons(context, Taken(subject, title, told.columns, told.taken, unit=unit_id))
