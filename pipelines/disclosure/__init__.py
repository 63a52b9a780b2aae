"""The attacker: what published figures say about the hidden ones.

Reads what is published and, to judge it, the truth; hides nothing itself (that is done where the
marts are built, by the rules in ``docs/methods/suppression.md``).
"""
