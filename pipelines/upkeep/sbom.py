"""What the program is made of, as a software bill of materials: CycloneDX 1.5, from the lock file.

The same lock gives the same bytes: no time is in it, and its number is made from its content. No
net is asked, and no address of a registry is in it.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from pipelines.upkeep.locked import Pin

_NAME = "pukk"


def bill_of_materials(pins: Sequence[Pin], version: str) -> str:
    """Return the bill of a lock's packages.

    Args:
        pins: What is locked.
        version: The program's own version.

    Returns:
        CycloneDX 1.5 as JSON.
    """
    components = [_component(pin) for pin in sorted(pins, key=lambda p: (p.name, p.version))]
    own = {"type": "application", "bom-ref": _NAME, "name": _NAME, "version": version}
    content = json.dumps([own, components], sort_keys=True)
    number = uuid.UUID(bytes=hashlib.sha256(content.encode()).digest()[:16], version=4)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": [{"ref": _NAME, "dependsOn": [each["bom-ref"] for each in components]}],
    }
    return json.dumps(bill, indent=2) + "\n"


def _component(pin: Pin) -> dict[str, Any]:
    purl = f"pkg:pypi/{pin.name}@{pin.version}"
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": pin.name,
        "version": pin.version,
        "purl": purl,
        # one for each file the package may come as: a machine gets one of them
        "hashes": [{"alg": "SHA-256", "content": sha256} for sha256 in pin.sha256s],
    }
    if pin.marker:
        told["properties"] = [{"name": "pukk:only-where", "value": pin.marker}]
    return told
