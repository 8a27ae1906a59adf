"""Which cards a selection on the Customers page means."""

from django.db.models import QuerySet

from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.customers.queries import visible_to
from linecard.customers.tables import CUSTOMERS
from linecard.kernel.errors import FieldError, Invalid
from linecard.web.grid import Selection


def selected_cards(user: User, selection: Selection) -> QuerySet[Customer]:
    """The selected ones of the cards that the user may see. Raises ``Invalid`` with errors below ``selection``."""
    try:
        return CUSTOMERS.selected(visible_to(user), selection)
    except Invalid as refusal:
        raise Invalid(
            FieldError(
                error.field if error.field == "selection" else f"selection.{error.field}", error.message
            )
            for error in refusal.errors
        ) from refusal
