"""New cards from files."""

from linecard.accounts.actor import UserActor
from linecard.audit.trail import history_of
from linecard.customers.models import Contact, Customer, Meter
from linecard.importing.queries import problems_of
from tests.customers.uploads.conftest import MakeUpload, apply, check, undo

FILE = """Operator,Country,ISO,Billing currency,Mail
Acme,Germany,DE,EUR,noc@acme.example
Bravo,Atlantis,GB,GBP,
acme,Germany,DE,EUR,x@y.example
+4U Mobile,France,FR,XXX,
Delta,,,EUR,
"""


def test_a_file_is_proposed_checked_applied_and_undone(make_upload: MakeUpload, by: UserActor) -> None:
    upload = make_upload(FILE)

    assert upload.state == "uploaded"
    assert upload.plan["mapping"] == {"1": "name", "3": "country", "4": "currency", "5": "contact_email"}
    assert upload.plan["start_row"] == 2

    upload = check(upload, by)

    assert (upload.state, upload.rows, upload.good, upload.bad) == ("checked", 5, 3, 2)
    assert [(p.row, p.column, p.field, p.value, p.message) for p in problems_of(upload)] == [
        (4, 1, "name", "acme", "Row 2 has this Name already; the first one is kept."),
        (5, 4, "currency", "XXX", "'XXX' is not a currency of ISO 4217, such as EUR."),
    ]

    upload = apply(upload, by, rows="good")

    assert (upload.state, upload.applied) == ("applied", 3)
    cards = {card.name: card for card in Customer.objects.all()}
    assert set(cards) == {"Acme", "Bravo", "Delta"}
    assert (cards["Acme"].country, cards["Acme"].currency, cards["Bravo"].currency) == ("DE", "EUR", "GBP")
    assert Contact.objects.values_list("name", "email").get() == ("Acme", "noc@acme.example")
    assert Meter.objects.count() == 3
    entry = history_of("customer", cards["Bravo"].pk).get()
    assert entry.note == f"Uploaded with customers.csv, row 3 (upload {upload.pk})"
    assert (entry.via, entry.user_name) == ("upload", "Stella Staff")

    upload = undo(upload, by)

    assert (upload.state, upload.undone, upload.left) == ("undone", 3, 0)
    assert not Customer.objects.filter(archived_at=None).exists()


def test_an_uploaded_card_is_like_one_that_was_typed(
    make_upload: MakeUpload, by: UserActor, make_customer: object
) -> None:
    from linecard.customers.actions import create_customer
    from linecard.customers.fields import card_values

    typed = create_customer(
        values={"name": "Typed", "currency": "JPY", "debit_limit": "500", "tags": ["a"], "tax": "7.7"}, by=by
    )
    upload = make_upload("Name,Currency,Debit limit,Tags,Tax %\nLoaded,JPY,500,a,7.7\n")
    apply(check(upload, by), by)

    loaded = Customer.objects.get(name="Loaded")
    assert {**card_values(loaded), "name": "Typed"} == card_values(typed)
    assert {**history_of("customer", loaded.pk).get().changes, "name": [None, "Typed"]} == history_of(
        "customer", typed.pk
    ).get().changes
