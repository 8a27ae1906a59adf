"""Which cards a selection on the Customers page means."""

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import ValidationError

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


def cards_sent(request: HttpRequest, user: User) -> QuerySet[Customer]:
    """The cards that a dialog's form selects. Raises ``Invalid``."""
    try:
        selection = Selection.model_validate_json(request.POST.get("selection", ""))
    except ValidationError as error:
        raise Invalid({"selection": f"{error.errors()[0]['msg']}."}) from error
    return selected_cards(user, selection)
