"""Data contracts (ODCS) and their projections: Polars, Great Expectations, dbt."""
