"""What was to be expected without Lean: inputs, panel, fit, and each unit or group against it.

What a figure is called lives in judge; nothing here knows a verdict or a published table.
"""
