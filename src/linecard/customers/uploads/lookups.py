"""What rows of a file are compared with: cards that are there, resellers and users that may be named."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything, visible_resellers, visible_users
from linecard.customers.models import Customer
from linecard.kernel.names import name_key


@dataclass(frozen=True, slots=True)
class Manager:
    """A user who may be put in charge of a card that they see."""

    user_id: int
    reseller_id: int | None

    def may_see(self, reseller_id: int | None) -> bool:
        """Whether a card of that reseller is theirs to see."""
        return self.reseller_id is None or self.reseller_id == reseller_id


class Named:
    """Resellers and users by what a file calls them: the name, the user name or the id."""

    def __init__(self, user: User) -> None:
        self._resellers: dict[str, int] = {}
        for key, reseller_id in visible_resellers(user).values_list("name_key", "pk"):
            self._resellers |= {str(reseller_id): reseller_id, key: reseller_id}
        self._managers: dict[str, Manager] = {}
        self._namesakes: dict[str, list[Manager]] = {}
        active = visible_users(user).filter(is_active=True)
        for known in active.values_list("pk", "name", "username_key", "reseller_id"):
            manager = Manager(known[0], known[3])
            self._namesakes.setdefault(name_key(known[1]), []).append(manager)
            self._managers |= {str(manager.user_id): manager, known[2]: manager}

    def reseller(self, text: str) -> int | None:
        """The id of the reseller that is called so."""
        return self._resellers.get(name_key(text))

    def manager(self, text: str) -> Manager | None:
        """The active user who is called so: by user name or id, else by a name that nobody else has."""
        namesakes = self._namesakes.get(name_key(text), [])
        return self._managers.get(name_key(text)) or (namesakes[0] if len(namesakes) == 1 else None)

    def is_ambiguous(self, text: str) -> bool:
        """Whether several users have this name, so that only a user name tells which is meant."""
        key = name_key(text)
        return key not in self._managers and len(self._namesakes.get(key, ())) > 1


class Present:
    """The cards, whoever sees them, that have one of some names or external accounting IDs."""

    def __init__(self, names: Iterable[str], external_ids: Iterable[str]) -> None:
        self._cards = {
            "name": {card.name_key: card for card in _cards("name_key", names)},
            "external_accounting_id": {
                card.external_accounting_id: card for card in _cards("external_accounting_id", external_ids)
            },
        }

    def find(self, field: str, key: str) -> Customer | None:
        """The card that has this key."""
        return self._cards[field].get(key) if key else None


def _cards(field: str, values: Iterable[str]) -> QuerySet[Customer]:
    wanted = list(set(values) - {""})
    # one array instead of a thousand parameters
    given = RawSQL("SELECT unnest(%s::text[])", [wanted])
    cards = Customer.objects.filter(**{f"{field}__in": given}).defer("search", "vars")
    return cards if wanted else cards.none()


def may_see(user: User, card: Customer) -> bool:
    """Whether a card is the user's to see."""
    return sees_everything(user) or card.reseller_id == user.reseller_id


def key_of(field: str, value: str) -> str:
    """The spelling in which values of a unique field are compared."""
    return name_key(value) if field == "name" else value
