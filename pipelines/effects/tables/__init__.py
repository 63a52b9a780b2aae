"""From the warehouse's frames to the published effect tables; the door is run.estimate_effects.

Nothing is estimated here that the rooms below do not estimate.
"""
