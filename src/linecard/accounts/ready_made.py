"""The groups that are there from the start. All but the administrators' can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linecard.accounts.permissions import VERBS

_ALL: list[str] = list(VERBS)
_READ = ["read"]
_SEND = ["create", "read"]
_WITHOUT_DELETE = ["create", "read", "update"]


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A group as it is made; ``everything`` covers areas that come later, too."""

    key: str
    name: str
    permissions: Mapping[str, list[str]] = field(default_factory=dict)
    everything: bool = False


READY_MADE: Mapping[str, ReadyMade] = {
    group.key: group
    for group in (
        ReadyMade("administrator", "Administrator", everything=True),
        ReadyMade(
            "noc",
            "NOC",
            {
                "customers": ["read", "update"],
                "contacts": _WITHOUT_DELETE,
                "notes": _WITHOUT_DELETE,
                "uploads": _READ,
                "messages": _SEND,
                "audit": _READ,
            },
        ),
        ReadyMade(
            "finance",
            "Finance",
            {
                "customers": ["read", "update"],
                "contacts": _ALL,
                "notes": _WITHOUT_DELETE,
                "uploads": _READ,
                "messages": _SEND,
                "audit": _READ,
            },
        ),
        ReadyMade(
            "account_manager",
            "Account manager",
            {"customers": _ALL, "contacts": _ALL, "notes": _ALL, "uploads": _ALL, "messages": _SEND},
        ),
        ReadyMade(
            "read_only",
            "Read only",
            {"customers": _READ, "contacts": _READ, "notes": _READ, "uploads": _READ, "messages": _READ},
        ),
        ReadyMade(
            "reseller",
            "Reseller",
            {"customers": _ALL, "contacts": _ALL, "notes": _ALL, "uploads": _ALL, "messages": _SEND},
        ),
    )
}
