"""Pukk's pipeline: from a municipality's exports to a published before/after result."""
