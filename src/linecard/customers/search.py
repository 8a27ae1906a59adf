"""Word-prefix search of cards: which words find one."""

from collections.abc import Iterable

from django.db.models import Func

from linecard.customers.models import Contact, Customer
from linecard.kernel.names import search_words
from linecard.web.full_text import text_of, vector_of


def search_vector(name: str, external_accounting_id: str, contacts: Iterable[Contact] = ()) -> Func:
    """The expression that stores the words of a card."""
    return vector_of(card_words(name, external_accounting_id, contacts))


def search_text(name: str, external_accounting_id: str, contacts: Iterable[Contact] = ()) -> str:
    """The same as the text of a tsvector, for many cards at once."""
    return text_of(card_words(name, external_accounting_id, contacts))


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
