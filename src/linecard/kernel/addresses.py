"""IP addresses: written in one way, and looked for in networks."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_ONE_SUBSCRIBER = 64  # bits of an IPv6 network that is given to one link (RFC 4291, section 2.5.1)


def plain_address(text: str | None) -> str | None:
    """The address as it is usually written: IPv4 inside IPv6 as IPv4, without a zone; None for what is none."""
    address = _read(text)
    return None if address is None else str(address)


def guessing_address(text: str | None) -> str | None:
    """The address under which guesses are counted; None for what is no address.

    Whoever has one IPv6 address has its whole /64, so that all of it counts as one.
    """
    address = _read(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _ONE_SUBSCRIBER), strict=False).network_address)
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
