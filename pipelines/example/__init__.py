"""The generator of the constructed example municipality, with planted effects."""
