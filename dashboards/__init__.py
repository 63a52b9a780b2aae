"""The dashboard: reads published generations only."""
