"""Whether a host is this machine, the only one to which plain text needs no leave."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    """Return whether `host` names the loopback: `localhost` or an address of it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
