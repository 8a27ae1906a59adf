"""Cards that are there, changed by files."""

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.trail import history_of
from linecard.customers.actions import add_contact, archive_customer
from linecard.customers.models import Contact, Customer
from linecard.importing.models import Upload
from linecard.importing.queries import left_alone, problems_of
from tests.conftest import MakeCustomer
from tests.customers.uploads.conftest import MakeUpload, apply, check, undo


def messages(upload: Upload) -> list[tuple[int, str, str]]:
    """Row, field and message of everything that is wrong."""
    return [(problem.row, problem.field, problem.message) for problem in problems_of(upload)]


def test_rows_find_their_cards_by_name_and_make_the_others(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    acme = make_customer("Acme", channels=5, city="Bern")
    upload = make_upload("Name,Currency,Channels,City\nACME,EUR,30,\nBravo,GBP,7,Leeds\n")

    upload = check(upload, by, mode="upsert", key="name")
    assert (upload.good, upload.makes) == (2, 1)
    upload = apply(upload, by)

    acme.refresh_from_db()
    # the name was written in other letters; an empty cell leaves the field alone
    assert (acme.name, acme.channels, acme.city, acme.version) == ("ACME", 30, "Bern", 2)
    assert Customer.objects.get(name="Bravo").city == "Leeds"
    latest = history_of("customer", acme.pk)[0]
    assert latest.changes == {"name": ["Acme", "ACME"], "channels": [5, 30]}
    assert latest.note == f"Uploaded with customers.csv, row 2 (upload {upload.pk})"


def test_an_empty_cell_clears_only_when_told_to(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    acme = make_customer("Acme", channels=5, city="Bern", tags=["gold"])
    file = "Name,Currency,Channels,City,Tags\nAcme,,,,\n"

    kept = apply(check(make_upload(file), by, mode="upsert"), by)
    acme.refresh_from_db()
    assert (kept.applied, acme.city, acme.version) == (1, "Bern", 1)

    apply(check(make_upload(file), by, mode="upsert", empty="clear"), by)
    acme.refresh_from_db()
    assert (acme.currency, acme.channels, acme.city, acme.tags) == ("EUR", None, "", [])


def test_the_external_accounting_id_finds_the_card_too(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    acme = make_customer("Acme", external_accounting_id="A-1")
    make_customer("Bravo", external_accounting_id="A-2")
    file = "Account,Name,Currency\nA-1,Acme Renamed,EUR\nA-2,Acme Renamed,EUR\nA-3,Bravo,EUR\n,Delta,EUR\nA-9,,\n"

    upload = check(make_upload(file), by, mode="upsert", key="external_accounting_id")

    assert messages(upload) == [
        (3, "name", "Row 2 has this Name already; the first one is kept."),
        (4, "name", "There is a customer named Bravo already."),
        (5, "external_accounting_id", "This is required: it finds the customer."),
        (6, "name", "This is required."),
        (6, "currency", "Choose a currency."),
    ]
    apply(upload, by, rows="good")
    acme.refresh_from_db()
    assert (acme.name, acme.name_key) == ("Acme Renamed", "acme renamed")
    assert Customer.objects.filter(search__matches="'renamed':*").get() == acme


def test_the_currency_never_changes_and_archived_cards_stay(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    make_customer("Acme")
    archive_customer(customer_id=make_customer("Bravo").pk, by=by)
    upload = make_upload("Name,Currency,Channels\nAcme,USD,3\nBravo,EUR,3\n")

    upload = check(upload, by, mode="upsert")

    assert messages(upload) == [
        (2, "currency", "Acme is billed in EUR, which can never change."),
        (3, "name", "Bravo is archived. Restore it first, or leave this row out."),
    ]


def test_contacts_are_found_by_email_then_by_name(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    acme = make_customer("Acme", country="GB")
    anna = add_contact(
        customer_id=acme.pk,
        values={
            "name": "Anna",
            "email": "a@acme.example",
            "mobile": "+447911123456",
            "mobile_verified": True,
        },
        by=by,
    )
    file = (
        "Name,Currency,Contact name,Contact email,Contact mobile\n"
        "Acme,EUR,Somebody else,A@acme.example,07911 654321\n"
        "Bravo,EUR,,b@bravo.example,\n"
    )
    upload = apply(check(make_upload(file), by, mode="upsert"), by)

    anna.refresh_from_db()
    assert (anna.name, anna.mobile, anna.mobile_verified) == ("Anna", "+447911654321", False)
    bravo = Contact.objects.get(customer__name="Bravo")
    assert (bravo.name, bravo.email) == ("Bravo", "b@bravo.example")
    assert Customer.objects.filter(search__matches="'447911654321':*").get() == acme

    undo(upload, by)
    anna.refresh_from_db()
    assert (anna.mobile, anna.mobile_verified) == ("+447911123456", True)


def test_undoing_puts_back_what_nobody_has_touched_since(
    make_upload: MakeUpload, make_customer: MakeCustomer, by: UserActor
) -> None:
    from linecard.customers.actions import update_customer

    acme, bravo = make_customer("Acme", channels=1, cps=1), make_customer("Bravo", channels=1)
    upload = make_upload(
        "Name,Currency,Channels,CPS\nAcme,,10,10\nBravo,,10,10\nNew one,EUR,1,1\nNew two,EUR,1,1\n"
    )
    upload = apply(check(upload, by, mode="upsert"), by)
    update_customer(customer_id=acme.pk, values={"channels": 77}, by=by)
    new = Customer.objects.get(name="New one")
    add_contact(customer_id=new.pk, values={"name": "Anna"}, by=by)

    upload = undo(upload, by)

    for card in (acme, bravo, new):
        card.refresh_from_db()
    assert (acme.channels, acme.cps) == (77, 1)
    assert (bravo.channels, bravo.cps) == (1, None)
    assert not new.is_archived
    assert (upload.state, upload.undone, upload.left) == ("undone", 2, 2)
    assert [(left.row, left.label, left.reason) for left in left_alone(upload)] == [
        (2, "Acme", "Changed since, and left as it is: Channels."),
        (4, "New one", "The customer was changed since, and stays."),
    ]
    assert history_of("customer", bravo.pk)[0].note == (
        f"Undoing of customers.csv, row 3 (upload {upload.pk})"
    )


def test_an_undone_upload_does_not_stand_in_the_way_of_the_mended_file(
    make_upload: MakeUpload, by: UserActor
) -> None:
    file = "Name,Currency,Account\nAcme,EUR,A-1\n"
    first = undo(apply(check(make_upload(file), by), by), by)
    again = apply(check(make_upload(file), by), by)

    assert (again.good, again.applied) == (1, 1)
    assert list(
        Customer.objects.order_by("pk").values_list("name", "external_accounting_id", "archived_at")
    ) == [
        (f"Acme (upload {first.pk} undone, row 2)", "", Customer.objects.earliest("pk").archived_at),
        ("Acme", "A-1", None),
    ]


def test_a_reseller_reaches_only_its_own_cards(
    make_upload: MakeUpload,
    make_customer: MakeCustomer,
    north: Reseller,
    south: Reseller,
    north_user: User,
    by: UserActor,
) -> None:
    make_customer("Theirs", reseller=south.pk)
    mine = make_customer("Mine", reseller=north.pk)
    nora = acting(north_user, via="form")
    file = (
        "Name,Currency,Channels,Reseller,Account manager\n"
        "Theirs,EUR,9,,\nMine,EUR,9,,nora\nNew,EUR,9,North,sam\nOther,EUR,9,South,\n"
    )

    upload = check(make_upload(file, actor=nora), nora, mode="upsert")

    assert messages(upload) == [
        (2, "name", "This name is taken."),
        (4, "account_manager", "There is no such active user who may see this card."),
        (5, "reseller", "There is no such reseller."),
    ]
    apply(upload, nora, rows="good")
    mine.refresh_from_db()
    assert (mine.channels, mine.reseller_id, mine.account_manager_id) == (9, north.pk, north_user.pk)

    made = apply(check(make_upload("Name,Currency\nNorthern,EUR\n", actor=nora), nora), nora)
    assert made.applied == 1
    assert Customer.objects.get(name="Northern").reseller_id == north.pk


def test_a_card_that_moved_since_gets_no_account_manager_who_may_not_see_it(
    make_upload: MakeUpload,
    make_customer: MakeCustomer,
    by: UserActor,
    north: Reseller,
    south: Reseller,
    north_user: User,
) -> None:
    acme = make_customer("Acme", reseller=north.pk)
    file = f"Name,Account manager\nAcme,{north_user.username}\n"
    upload = check(make_upload(file), by, mode="upsert", key="name")
    assert upload.good == 1
    Customer.objects.filter(pk=acme.pk).update(reseller=south)

    upload = apply(upload, by)
    assert (upload.state, upload.applied) == ("failed", 0)
    assert "Row 2: the account manager may not see this card" in upload.problem
    acme.refresh_from_db()
    assert acme.account_manager_id is None


def test_what_was_taken_since_by_others_is_not_named(
    make_upload: MakeUpload, make_customer: MakeCustomer, north_user: User, south: Reseller
) -> None:
    actor = acting(north_user, via="api")
    file = "Name,Currency,Account\nAcme,EUR,A-1\n"
    upload = check(make_upload(file, actor=actor), actor)
    make_customer("Secret Ltd", reseller=south.pk, external_accounting_id="A-1")

    upload = apply(upload, actor)
    assert (upload.state, upload.applied) == ("failed", 0)
    assert upload.problem.startswith("Row 2: ")
    assert "Secret" not in upload.problem


def test_a_name_that_two_users_have_names_neither(
    make_upload: MakeUpload, by: UserActor, admin: User
) -> None:
    User.objects.filter(pk=admin.pk).update(name="Stella Staff")
    file = "Name,Currency,Account manager\nA,EUR,Stella Staff\nB,EUR,STAFF\nC,EUR,Nobody\n"

    upload = check(make_upload(file), by)

    assert messages(upload) == [
        (2, "account_manager", "Several users have this name; write the user name."),
        (4, "account_manager", "There is no such active user who may see this card."),
    ]
