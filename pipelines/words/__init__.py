"""Every word readers meet, one file per language, and how figures and dates are written.

The bottom of the house: it knows no other room, and every room may ask it. A further language is
one more file beside ``nb.yml`` (docs/add_a_language.md).
"""
