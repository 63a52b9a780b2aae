"""One measure for many municipalities: estimates that are shared, checked and pooled.

A municipality shares signed estimates, never a month of a unit or a row of a person. Analysing one
municipality is ``pipelines.effects``.
"""
