"""What a unit's figures are called: events, gates, persistence and verdicts, one draft row each.

What spans units and is published is made in tables.
"""
