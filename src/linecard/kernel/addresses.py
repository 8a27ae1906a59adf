"""IP addresses: written in one way, and looked for in networks."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def plain_address(text: str | None) -> str | None:
    """The address as it is usually written: IPv4 inside IPv6 as IPv4, without a zone; None for what is none."""
    address = _read(text)
    return None if address is None else str(address)


def is_within(text: str | None, networks: Iterable[str]) -> bool:
    """Whether the address is in one of the networks; an address that cannot be read is in none."""
    address = _read(text)
    return address is not None and any(address in ip_network(network, strict=False) for network in networks)


def _read(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address((text or "").strip().partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
