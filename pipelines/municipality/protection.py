"""How near an outsider may come to a hidden figure: the protection level, defined once.

SQL reads it as columns of ``municipality.profile``, Python from here. Where it is used is in
docs/methods/suppression.md; the smallest groups are each municipality's own (``model.Privacy``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProtectionLevel:
    """What must be left between a hidden figure and what can be worked out about it.

    Method: the p % rule and feasibility intervals (Hundepool et al., Handbook on Statistical
    Disclosure Control); the limits are this project's choice.

    Attributes:
        least: In the measure's own unit: half a working day, half a person.
        pct: In per cent of the hidden figure.
        nok_pct: Narrower than this many per cent of the figure, an amount in kroner is known.
    """

    least: float = 0.5
    pct: float = 10.0
    nok_pct: float = 1.0


PROTECTION = ProtectionLevel()
"""The level in force, the same everywhere."""
