"""Dagster definitions: the only room with dagster; an asset body reads, calls and reports."""
