"""Which addresses are this machine's own; what is open to others needs a login."""

import ipaddress


def is_loopback(address: str | None) -> bool:
    """Return whether an address to bind to is this machine's alone; none means all addresses."""
    if address == "localhost":
        return True
    try:
        return bool(address) and ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
