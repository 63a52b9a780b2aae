"""The command line, pukk."""
