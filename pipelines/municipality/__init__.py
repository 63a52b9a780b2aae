"""One municipality's configuration, typed."""
