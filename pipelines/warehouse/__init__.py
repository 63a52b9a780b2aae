"""DuckDB: connections, tables, loading and the delivery ledger."""
