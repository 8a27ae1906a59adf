"""The card and what hangs on it."""

from linecard.customers.models.bulk import BulkBlock, BulkResult, BulkWork
from linecard.customers.models.card import Customer, Meter, Tag
from linecard.customers.models.parts import ApprovedCli, Contact, Note
from linecard.customers.models.pending import PendingChange

__all__ = [
    "ApprovedCli",
    "BulkBlock",
    "BulkResult",
    "BulkWork",
    "Contact",
    "Customer",
    "Meter",
    "Note",
    "PendingChange",
    "Tag",
]
