"""Several municipalities in one installation: who they are, and commands run for each by itself."""
