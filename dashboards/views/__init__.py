"""One file per question a leader asks."""
