"""Finding one of several things that hang on a card."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext

from linecard.kernel.errors import NotFound

Part = TypeVar("Part", bound=Model)


def get_part(parts: QuerySet[Part], part_id: int, what: str) -> Part:
    """The one of that id among the parts of a card. Raises ``NotFound``."""
    part = parts.filter(pk=part_id).first()
    if part is None:
        raise NotFound(gettext("This customer has no such {what}.").format(what=gettext(what)))
    return part
