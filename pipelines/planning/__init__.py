"""Before the start: what a waiting list can find out, and in which order it may begin.

The model is the one the effects are judged by (``pipelines.effects.model``). Nothing that has
happened is judged here.
"""
