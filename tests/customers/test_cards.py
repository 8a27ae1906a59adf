"""Making, changing, archiving and restoring cards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.fields import card_values
from linecard.customers.models import Customer, Meter
from linecard.kernel.errors import Conflict, Invalid, NotFound, Stale

MakeCustomer = Callable[..., Customer]


def errors_of(caught: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    """The message of each field that was refused."""
    return {error.field: error.message for error in caught.value.errors}


def test_a_new_card_has_the_defaults_of_the_product(make_customer: MakeCustomer) -> None:
    customer = make_customer("Acme")
    assert card_values(Customer.objects.get(pk=customer.pk)) == {
        "name": "Acme",
        "status": "active",
        "currency": "EUR",
        "channels": None,
        "cps": None,
        "debit_limit": "0.00",
        "minimum_payment": "0.00",
        "tax": "0",
        "paypal_email": "",
        "website": "",
        "tags": [],
        "reseller": None,
        "account_manager": None,
        "rtp_firewall": "locked",
        "invoice_schedule": "none",
        "invoice_due_days": 14,
        "external_accounting_id": "",
        "portal_access": dict.fromkeys(
            (
                "balance",
                "cdr",
                "breakout",
                "rates",
                "payments",
                "invoices",
                "cli",
                "live_calls",
                "statistics",
                "documents",
            ),
            True,
        ),
        "vars": "",
        "street": "",
        "city": "",
        "region": "",
        "postcode": "",
        "country": "",
        "approved_clis_only": False,
        "email_verification": False,
        "mobile_verification": False,
    }
    assert Meter.objects.filter(customer=customer, balance_micros=0, live_calls=0).count() == 1


def test_making_a_card_is_in_the_history(make_customer: MakeCustomer, staff: User) -> None:
    customer = make_customer("Acme", channels=30)
    entry = AuditEntry.objects.get(subject_type="customer", subject_id=customer.pk)
    assert (entry.action, entry.user_id, entry.user_name, entry.via) == (
        "customer.created",
        staff.pk,
        "Stella Staff",
        "form",
    )
    assert entry.changes["name"] == [None, "Acme"]
    assert entry.changes["channels"] == [None, 30]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ÅLAND", "åland"),
        ("Straße", "STRASSE"),
        ("Acme", "  acme "),
        ("Cafe\u0301", "CAFÉ"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_names_are_unique_whatever_their_case_and_form(
    make_customer: MakeCustomer, first: str, second: str
) -> None:
    make_customer(first)
    with pytest.raises(Invalid) as caught:
        make_customer(second)
    assert list(errors_of(caught)) == ["name"]
    assert Customer.objects.count() == 1


def test_an_archived_card_keeps_its_name_reserved(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer("Acme")
    actions.archive_customer(customer_id=customer.pk, by=by)
    with pytest.raises(Invalid) as caught:
        make_customer("acme")
    assert "archived" in errors_of(caught)["name"]


BAD_VALUES: list[tuple[str, Any, str]] = [
    ("name", "", "required"),
    ("name", "   ", "required"),
    ("name", "x" * 201, "At most 200"),
    ("name", "x" * 1_000_000, "At most 200"),
    ("name", "a\x00b", "NUL"),
    ("name", "a\nb", "control character"),
    ("name", "evil\u202ename", "control character"),
    ("name", "half \ud800", "control character"),
    ("name", "<b>Bold</b>", "HTML"),
    ("name", "<script>alert(1)</script>", "HTML"),
    ("name", 7, "text"),
    ("channels", -1, "from 0"),
    ("channels", 1_000_001, "to 1,000,000"),
    ("channels", True, "whole number"),
    ("channels", "3", "whole number"),
    ("channels", 1.5, "whole number"),
    ("cps", -1, "from 0"),
    ("status", "deleted", "not one of"),
    ("debit_limit", 5, "decimal string"),
    ("debit_limit", "1e3", "plain amount"),
    ("debit_limit", "NaN", "plain amount"),
    ("debit_limit", "1,000.00", "plain amount"),
    ("debit_limit", "0.001", "EUR has 2 decimals"),
    ("debit_limit", "1000000000000.01", "to 1,000,000,000,000"),
    ("minimum_payment", "-0.01", "from 0"),
    ("tax", "1000", "from 0 to 100"),
    ("tax", "-1", "from 0 to 100"),
    ("tax", "1.2345", "three decimals"),
    ("currency", "", "Choose a currency"),
    ("currency", "XXX", "not a currency"),
    ("currency", "eur", "not a currency"),
    ("country", "ZZ", "not a country"),
    ("paypal_email", "nobody", "Not an email"),
    ("website", "javascript:alert(1)", "Not a web address"),
    ("website", "https://user:secret@example.com", "user name or password"),
    ("tags", "vip", "list"),
    ("tags", ["a,b"], "comma"),
    ("tags", ["x" * 51], "at most 50"),
    ("tags", [f"t{n}" for n in range(51)], "At most 50"),
    ("vars", "a = ", "line 1, column 5"),
    ("vars", "a = 1\n[b\nc = 2", "line 2, column 3"),
    ("vars", "a = 1\na = 2", "line 2"),
    ("vars", "\n\nb = ", "line 3, column 5"),
    ("reseller", 999_999_999, "no such reseller"),
    ("reseller", 2**63, "no such"),
    ("account_manager", 999_999_999, "no such active user"),
    ("invoice_schedule", "weekly:8", "weekly:1 to weekly:7"),
    ("invoice_schedule", "monthly:0", "monthly:1 to monthly:28"),
    ("invoice_due_days", 366, "from 0 to 365"),
    ("invoice_due_days", None, "whole number"),
    ("rtp_firewall", "open", "not one of"),
    ("portal_access", {"secrets": True}, "not one of"),
    ("portal_access", {"cdr": "yes"}, "true or false"),
    ("approved_clis_only", "yes", "true or false"),
    ("rate_card", 1, "no such field"),
    ("balance", "5.00", "no such field"),
    ("id", 7, "no such field"),
]


@pytest.mark.parametrize(("field", "value", "message"), BAD_VALUES)
def test_a_bad_value_is_refused_by_name_and_nothing_is_made(
    make_customer: MakeCustomer, field: str, value: Any, message: str
) -> None:
    with pytest.raises(Invalid) as caught:
        make_customer(**{"name": "Acme", field: value})
    assert list(errors_of(caught)) == [field]
    assert message in errors_of(caught)[field]
    assert Customer.objects.count() == 0
    assert AuditEntry.objects.filter(subject_type="customer").count() == 0


@pytest.mark.parametrize(("field", "value", "message"), BAD_VALUES)
def test_a_bad_change_is_refused_by_name_and_changes_nothing(
    make_customer: MakeCustomer, by: UserActor, field: str, value: Any, message: str
) -> None:
    customer = make_customer("Acme")
    before = card_values(customer)
    with pytest.raises(Invalid) as caught:
        actions.update_customer(
            customer_id=customer.pk, values={field: value, "channels": 3} | {field: value}, by=by
        )
    assert list(errors_of(caught)) == [field]
    stored = Customer.objects.get(pk=customer.pk)
    assert card_values(stored) == before
    assert stored.version == 1
    assert AuditEntry.objects.filter(subject_type="customer").count() == 1


def test_every_error_is_told_at_once(make_customer: MakeCustomer) -> None:
    with pytest.raises(Invalid) as caught:
        make_customer("", currency="???", channels=-1, tax="1000")
    assert set(errors_of(caught)) == {"name", "currency", "channels", "tax"}


def test_formula_looking_names_are_kept_as_they_are(make_customer: MakeCustomer) -> None:
    assert make_customer("+4U Mobile").name == "+4U Mobile"
    assert make_customer('=HYPERLINK("x")').name == '=HYPERLINK("x")'


@pytest.mark.parametrize(
    ("currency", "given", "stored", "shown"),
    [
        ("JPY", "1500", 1_500_000_000, "1500"),
        ("KWD", "1.234", 1_234_000, "1.234"),
        ("USD", "-5", -5_000_000, "-5.00"),
        ("EUR", "1000000000000", 10**18, "1000000000000.00"),
    ],
)
def test_money_has_the_digits_of_its_currency(
    make_customer: MakeCustomer, currency: str, given: str, stored: int, shown: str
) -> None:
    customer = make_customer(currency=currency, debit_limit=given)
    customer.refresh_from_db()
    assert customer.debit_limit_micros == stored
    assert card_values(customer)["debit_limit"] == shown


def test_a_change_stands_in_the_history_from_what_to_what(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer("Acme", debit_limit="10")
    changed = actions.update_customer(
        customer_id=customer.pk, values={"debit_limit": "25.50", "tags": ["vip"], "name": "Acme"}, by=by
    )
    entry = AuditEntry.objects.filter(subject_id=customer.pk, action="customer.updated").get()
    assert entry.changes == {"debit_limit": ["10.00", "25.50"], "tags": [[], ["vip"]]}
    assert (entry.version, changed.version) == (2, 2)


def test_a_change_that_changes_nothing_leaves_no_trace(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer("Acme", channels=3)
    same = actions.update_customer(customer_id=customer.pk, values={"channels": 3, "currency": "EUR"}, by=by)
    assert same.version == 1
    assert same.updated_at == customer.updated_at
    assert AuditEntry.objects.filter(subject_type="customer").count() == 1


def test_the_currency_never_changes_through_an_action(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer(currency="EUR")
    for currency in ("USD", "XXX", 7, None):
        with pytest.raises(Invalid) as caught:
            actions.update_customer(customer_id=customer.pk, values={"currency": currency}, by=by)
        assert "never change" in errors_of(caught)["currency"]


def test_the_currency_never_changes_in_the_database(make_customer: MakeCustomer) -> None:
    customer = make_customer(currency="EUR")
    with (
        pytest.raises(IntegrityError, match="can never change from EUR to USD"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE customer SET currency = 'USD' WHERE id = %s", [customer.pk])
    assert Customer.objects.get(pk=customer.pk).currency == "EUR"


@pytest.mark.parametrize(
    "assignment",
    [
        "channels = -1",
        "cps = 100001",
        "status = 'gone'",
        "tax = 100.001",
        "country = 'gb'",
        "invoice_schedule = 'weekly:8'",
        "minimum_payment_micros = -1",
        "debit_limit_micros = 1000000000000000001",
        "rtp_firewall = ''",
        "name_key = ''",
        "name = ' spaced'",
        "invoice_due_days = -1",
        "portal_access = '[]'",
    ],
)
def test_the_database_refuses_what_the_rules_refuse(make_customer: MakeCustomer, assignment: str) -> None:
    make_customer()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE customer SET {assignment}")  # noqa: S608


def test_the_audit_trail_refuses_to_be_changed(make_customer: MakeCustomer) -> None:
    make_customer()
    for statement in (
        "UPDATE audit_entry SET user_name = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ):
        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_stale_change_is_refused(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer()
    actions.update_customer(customer_id=customer.pk, values={"channels": 1}, by=by, expected_version=1)
    with pytest.raises(Stale):
        actions.update_customer(customer_id=customer.pk, values={"channels": 2}, by=by, expected_version=1)
    assert Customer.objects.get(pk=customer.pk).channels == 1


def test_portal_sections_left_out_stay_as_they_are(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer(portal_access={"cdr": False})
    changed = actions.update_customer(
        customer_id=customer.pk, values={"portal_access": {"balance": False}}, by=by
    )
    hidden = [section for section, shown in changed.portal_access.items() if not shown]
    assert sorted(hidden) == ["balance", "cdr"]


def test_a_tag_keeps_its_first_spelling(make_customer: MakeCustomer) -> None:
    assert make_customer("One", tags=["VIP", "wholesale"]).tags == ["VIP", "wholesale"]
    assert make_customer("Two", tags=["vip", "Vip"]).tags == ["VIP"]


def test_the_external_accounting_id_is_unique_when_set(make_customer: MakeCustomer) -> None:
    make_customer("One", external_accounting_id="A-1")
    make_customer("Two")
    make_customer("Three")
    with pytest.raises(Invalid) as caught:
        make_customer("Four", external_accounting_id="A-1")
    assert errors_of(caught) == {"external_accounting_id": "One has this External accounting ID already."}


def test_archive_and_restore(make_customer: MakeCustomer, by: UserActor) -> None:
    customer = make_customer(channels=3)
    archived = actions.archive_customer(customer_id=customer.pk, by=by)
    assert archived.archived_at is not None
    with pytest.raises(Conflict):
        actions.update_customer(customer_id=customer.pk, values={"channels": 4}, by=by)
    actions.archive_customer(customer_id=customer.pk, by=by)
    restored = actions.restore_customer(customer_id=customer.pk, by=by)
    assert (restored.archived_at, restored.channels, restored.version) == (None, 3, 3)
    happened = (
        AuditEntry.objects.filter(subject_id=customer.pk).order_by("id").values_list("action", flat=True)
    )
    assert list(happened) == ["customer.created", "customer.archived", "customer.restored"]


def test_a_resellers_user_makes_cards_for_the_reseller(
    make_customer: MakeCustomer, north_user: User, north: Reseller, south: Reseller
) -> None:
    actor = acting(north_user, via="api")
    assert make_customer("Mine", actor=actor).reseller_id == north.pk
    assert make_customer("Also mine", actor=actor, reseller=north.pk).reseller_id == north.pk
    with pytest.raises(Invalid) as foreign:
        make_customer("Theirs", actor=actor, reseller=south.pk)
    with pytest.raises(Invalid) as unknown:
        make_customer("Nobody's", actor=actor, reseller=10**12)
    assert errors_of(foreign) == errors_of(unknown) == {"reseller": "There is no such reseller."}


def test_a_resellers_user_cannot_touch_or_give_away_cards(
    make_customer: MakeCustomer, north_user: User, south: Reseller, staff: User
) -> None:
    actor = acting(north_user, via="api")
    foreign = make_customer("Foreign", reseller=south.pk)
    with pytest.raises(NotFound):
        actions.update_customer(customer_id=foreign.pk, values={"channels": 1}, by=actor)
    with pytest.raises(NotFound):
        actions.archive_customer(customer_id=foreign.pk, by=actor)
    with pytest.raises(NotFound):
        actions.restore_customer(customer_id=foreign.pk, by=actor)
    own = make_customer("Own", actor=actor)
    for values in ({"reseller": None}, {"reseller": south.pk}, {"account_manager": staff.pk}):
        with pytest.raises(Invalid):
            actions.update_customer(customer_id=own.pk, values=values, by=actor)
    assert Customer.objects.get(pk=own.pk).version == 1


def test_an_account_manager_must_be_able_to_see_the_card(
    make_customer: MakeCustomer, by: UserActor, north_user: User, north: Reseller, south: Reseller
) -> None:
    card = make_customer(reseller=north.pk, account_manager=north_user.pk)
    with pytest.raises(Invalid) as caught:
        actions.update_customer(customer_id=card.pk, values={"reseller": south.pk}, by=by)
    assert list(errors_of(caught)) == ["account_manager"]
    moved = actions.update_customer(
        customer_id=card.pk, values={"reseller": south.pk, "account_manager": None}, by=by
    )
    assert moved.reseller_id == south.pk


@pytest.mark.django_db(transaction=True)
def test_one_name_given_at_the_same_time_makes_one_card(staff: User) -> None:
    actor = acting(staff, via="api")

    def make(_: int) -> str:
        try:
            actions.create_customer(values={"name": "Acme", "currency": "EUR"}, by=actor)
        except Invalid as refusal:
            return refusal.errors[0].field
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(make, range(8)))
    assert outcomes == ["made"] + ["name"] * 7
    assert Customer.objects.count() == Meter.objects.count() == 1


def test_decimal_percentages_are_exact(make_customer: MakeCustomer) -> None:
    customer = make_customer(tax=7.7)
    customer.refresh_from_db()
    assert customer.tax == Decimal("7.700")
    assert card_values(customer)["tax"] == "7.7"
