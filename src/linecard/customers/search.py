"""Word-prefix search: words are folded in Python, so that no database's language or collation decides what matches."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Lookup, TextField, Value

from linecard.customers.models import Contact, Customer
from linecard.kernel.names import search_words

if TYPE_CHECKING:
    _Lookup = Lookup[str]
else:
    _Lookup = Lookup  # not generic when it runs


@SearchVectorField.register_lookup
class MatchesQuery(_Lookup):
    """``search__matches=<tsquery text>``; the text comes from ``prefix_query``, which quotes every word."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQL of ``vector @@ query``; no parser of the database takes the words apart again."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ ({right})::tsquery", (*left_params, *right_params)


def search_vector(name: str, external_accounting_id: str, contacts: Iterable[Contact] = ()) -> Func:
    """The expression that stores the words of a card."""
    words = Value(card_words(name, external_accounting_id, contacts), output_field=ArrayField(TextField()))
    return Func(words, function="array_to_tsvector", output_field=SearchVectorField())


def search_text(name: str, external_accounting_id: str, contacts: Iterable[Contact] = ()) -> str:
    """The same as the text of a tsvector, for many cards at once. Words are letters and digits: quoting is enough."""
    return " ".join(f"'{word}'" for word in card_words(name, external_accounting_id, contacts))


def card_words(name: str, external_accounting_id: str, contacts: Iterable[Contact]) -> list[str]:
    """The distinct folded words by which a card is found."""
    texts = [name, external_accounting_id]
    for contact in contacts:
        texts += (contact.name, contact.email, contact.phone, contact.mobile)
    return search_words(*texts)


def refresh_search(customer: Customer) -> None:
    """Store the words of a card anew, after one of its contacts changed."""
    vector = search_vector(customer.name, customer.external_accounting_id, customer.contacts.all())
    Customer.objects.filter(pk=customer.pk).update(search=vector)
