"""Municipalities that write packs with keys of their own, for the tests of pooling."""

import json
from pathlib import Path
from typing import Any

from pipelines.evidence.checks import Delivered
from pipelines.evidence.keys import new_key, sign
from pipelines.evidence.pack import canonical

REFERENCE = Path(__file__).parent / "reference" / "pooling"


class House:
    """A municipality that writes packs with a key of its own."""

    def __init__(self, number: int, level: float = 9.0) -> None:
        self.id = f"99900{number:04}"
        self.key = new_key()
        self.level = level

    def content(self, **changes: Any) -> dict[str, Any]:
        made: dict[str, Any] = json.loads((REFERENCE / "pack_1.json").read_bytes())
        row = made["results"][0] | {
            "mean_before": self.level, "estimate": -0.5, "se": 0.4, "n_persons": 400,
        }  # fmt: skip
        made |= {"municipality_id": self.id, "sequence": 1, "results": [row]}
        # long ago whenever the tests are run
        made |= {"as_of_month": "2024-12-01", "created_at": "2025-01-05T06:00:00Z"}
        made["registered"][0] |= {
            "first_start_month": "2022-09-01", "locked_at": "2022-08-20T09:12:00Z",
        }  # fmt: skip
        for name, value in changes.items():
            place = made if name in made else made["results"][0]
            place[name] = value
        return made

    def delivered(self, **changes: Any) -> Delivered:
        content = canonical(self.content(**changes))
        return Delivered(f"{self.id}.json", content, sign(content, self.key))
