"""What a check says about rows."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers.fields import CARD_FIELDS
from linecard.customers.models import Customer
from linecard.customers.rules import clean_new_card
from linecard.customers.uploads.checking import CustomerChecker
from linecard.fields.base import texts_to_json
from linecard.importing import actions
from linecard.importing.models import Upload
from linecard.importing.plan import Plan
from linecard.importing.queries import problems_of, rows_window
from linecard.importing.target import TypedRow
from linecard.kernel.errors import Conflict, Invalid
from tests.customers.uploads.conftest import MakeUpload, apply, check, work


def found(upload: Upload) -> list[tuple[int, int | None, str, str, str]]:
    """Everything that is wrong, as the API tells it."""
    return [(p.row, p.column, p.field, p.value, p.message) for p in problems_of(upload)]


LOST = "Scientific notation: the spreadsheet has lost digits of this number. Write it out in full."


def test_scientific_notation_is_refused_in_any_mapped_column_and_nowhere_else(
    make_upload: MakeUpload, by: UserActor
) -> None:
    file = (
        "Name,Currency,Contact phone,City,Remark\n"
        "Acme,EUR,4.47912E+11,,1E5\n"
        "1e6,EUR,,,\n"
        'Bravo,EUR,," 4,5e-3 ",\n'
        "E12,EUR,,Route 1E,\n"
    )
    upload = check(make_upload(file), by)

    assert found(upload) == [
        (2, 3, "contact_phone", "4.47912E+11", LOST),
        (3, 1, "name", "1e6", LOST),
        (4, 4, "city", " 4,5e-3 ", LOST),
    ]
    assert upload.good == 1


def test_bytes_that_mean_nothing_and_nul_are_errors_of_their_cell(
    make_upload: MakeUpload, by: UserActor
) -> None:
    file = (
        b"Name,Currency,City\n"
        + "Müller,EUR,Köln\nÉlan,EUR,Zürich\nŁódź,EUR,Łódź\n".encode() * 1
        + b"Broken \xff,EUR,Bern\nNul,EUR,a\0b\n"
    )
    upload = check(make_upload(file), by, encoding="utf-8")

    assert found(upload) == [
        (5, 1, "name", "Broken \ufffd", "The cell holds bytes that are not valid in the file's encoding."),
        (6, 3, "city", "a\u2400b", "The cell holds a NUL character."),
    ]
    shown = rows_window(upload, 5, bad_only=True)
    assert [(row.number, row.cells) for row in shown] == [
        (5, ["Broken \ufffd", "EUR", "Bern"]),
        (6, ["Nul", "EUR", "a\u2400b"]),
    ]


def test_numbers_are_read_with_the_signs_that_were_chosen(make_upload: MakeUpload, by: UserActor) -> None:
    file = "Name;Currency;Debit limit;Channels\nA;EUR;1.234,50;1.000\nB;EUR;12,5;30\nC;EUR;12.5;30\nD;EUR;1.23,00;1\n"
    wrong = "Not a number as this file is said to write them, such as 1.250,00."

    upload = check(make_upload(file), by, decimal=",", thousands=".")
    assert found(upload) == [
        (4, 3, "debit_limit", "12.5", wrong),
        (5, 3, "debit_limit", "1.23,00", wrong),
    ]
    apply(upload, by, rows="good")
    assert list(Customer.objects.order_by("name").values_list("name", "debit_limit_micros", "channels")) == [
        ("A", 1_234_500_000, 1000),
        ("B", 12_500_000, 30),
    ]


def test_without_such_a_choice_nothing_is_guessed(make_upload: MakeUpload, by: UserActor) -> None:
    upload = check(make_upload('Name,Currency,Debit limit\nA,EUR,"1,250"\nB,EUR,"12,5"\nC,JPY,12.5\n'), by)

    plain = "Write a plain amount such as 1250.00, with a point and without thousands separators."
    assert [(row, message) for row, _, _, _, message in found(upload)] == [
        (2, plain),
        (3, plain),
        (4, "JPY has no decimals."),
    ]


def test_a_value_for_the_whole_file_takes_the_place_of_a_column(
    make_upload: MakeUpload, by: UserActor
) -> None:
    upload = make_upload("Name\nAcme\n\n\nBravo\n")
    upload = check(
        upload, by, start_row=2, mapping={1: "name"}, constants={"currency": "usd", "tags": ["a", "b"]}
    )
    upload = apply(upload, by)

    assert (upload.rows, upload.applied) == (2, 2)
    assert list(Customer.objects.order_by("name").values_list("name", "currency", "tags")) == [
        ("Acme", "USD", ["a", "b"]),
        ("Bravo", "USD", ["a", "b"]),
    ]


def test_values_beyond_the_headings_are_not_lost_in_silence(make_upload: MakeUpload, by: UserActor) -> None:
    good = "".join(f"C{number},EUR,Bern,,\n" for number in range(5))
    upload = check(make_upload(f"Name,Currency,City\nAcme, Ltd,EUR,Bern\n{good}"), by)

    assert next((row, column, message) for row, column, _, _, message in found(upload)) == (
        2,
        None,
        "The row has values beyond the table's 3 columns: is a value not in quotes?",
    )
    assert upload.good == 5


def test_duplicates_are_found_across_blocks(make_upload: MakeUpload, by: UserActor) -> None:
    names = [f"Carrier {number}" for number in range(45)]
    names[40] = "CARRIER 7"
    upload = check(make_upload("Name,Currency\n" + "".join(f"{name},EUR\n" for name in names)), by)

    assert found(upload) == [
        (42, 1, "name", "CARRIER 7", "Row 9 has this Name already; the first one is kept."),
    ]
    assert upload.good == 44


@pytest.mark.parametrize(
    ("plan", "errors"),
    [
        (
            {"mapping": {1: "name"}},
            {"currency": "Currency must be mapped to a column, or given for the whole file."},
        ),
        (
            {"mapping": {1: "name", 2: "name", 3: "currency"}},
            {"mapping.2": "Name is mapped to column 1 already."},
        ),
        (
            {"mapping": {1: "name", 9: "currency"}},
            {
                "mapping.9": "The file has columns 1 to 3.",
                "currency": "Currency must be mapped to a column, or given for the whole file.",
            },
        ),
        (
            {"mapping": {1: "name", 2: "currency", 3: "nonsense"}},
            {"mapping.3": "There is no field 'nonsense'."},
        ),
        (
            {"constants": {"currency": "EUR"}},
            {"constants.currency": "Currency has column 2; take the column or the value, not both."},
        ),
        ({"start_row": 0}, {"start_row": "Must be a row from 1 to 1,000."}),
        ({"decimal": ",", "thousands": ","}, {"thousands": "Must differ from the decimal sign."}),
        ({"mode": "upsert", "key": "city"}, {"key": "Must be one of name, external_accounting_id."}),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(
    make_upload: MakeUpload, by: UserActor, plan: dict[str, object], errors: dict[str, str]
) -> None:
    upload = make_upload("Name,Currency,City\nAcme,EUR,Bern\n")
    with pytest.raises(Invalid) as refusal:
        actions.check_upload(upload_id=upload.pk, plan=plan, by=by)
    assert {error.field: error.message for error in refusal.value.errors} == errors


def test_a_file_with_headings_alone_fails_with_the_reason(make_upload: MakeUpload, by: UserActor) -> None:
    upload = check(make_upload("Name,Currency\n"), by, start_row=2, mapping={1: "name", 2: "currency"})
    assert (upload.state, upload.problem) == ("failed", "There is no row with data below the start row.")


def test_formulas_are_kept_as_they_are(make_upload: MakeUpload, by: UserActor) -> None:
    names = ["=1+1", "+4U Mobile", "-5 Carriers", "@home", "'=quoted", "'plain"]
    upload = make_upload("Name,Currency\n" + "".join(f"{name},EUR\n" for name in names))
    apply(check(upload, by), by)

    # an apostrophe that a spreadsheet put before a formula to keep it from running is taken off
    assert set(Customer.objects.values_list("name", flat=True)) == {
        "=1+1", "+4U Mobile", "-5 Carriers", "@home", "=quoted", "'plain",
    }  # fmt: skip


def test_a_check_can_be_repeated_otherwise_while_it_runs(make_upload: MakeUpload, by: UserActor) -> None:
    upload = make_upload("Name,Currency,City\n" + "".join(f"C{n},EUR,B{n}\n" for n in range(50)))
    going = actions.UploadWork(upload.pk)
    actions.check_upload(upload_id=upload.pk, plan={}, by=by)
    assert [going.advance() for _ in range(2)] == [True, True]

    actions.check_upload(upload_id=upload.pk, plan={"mapping": {3: "name", 2: "currency"}}, by=by)
    while going.advance():
        pass

    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.good) == ("checked", 50, 50)
    apply(upload, by)
    assert Customer.objects.filter(name__startswith="B").count() == 50


def test_bad_rows_bar_the_way_to_all_rows(make_upload: MakeUpload, by: UserActor) -> None:
    upload = check(make_upload("Name,Currency\nA,EUR\nB,\n"), by)
    with pytest.raises(Conflict, match="1 row is bad"):
        actions.apply_upload(upload_id=upload.pk, by=by, rows="all")
    assert work(actions.apply_upload(upload_id=upload.pk, by=by, rows="good")).applied == 1


def texts() -> st.SearchStrategy[str]:
    """What people and spreadsheets write into cells, right or wrong."""
    likely = (
        "EUR JPY 5.00 -5 7.7 101 1e5 yes no active Inactive DE Germany weekly:3 a@b.example x=1 x= all cdr"
        " example.com"
    )
    return st.one_of(st.sampled_from([*likely.split(), "gold, Gold", "", " "]), st.text(max_size=20))


CHECKED = sorted(CARD_FIELDS.keys() - {"reseller", "account_manager"})


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(CHECKED), texts()), st.sampled_from(["Acme", "", "<b>x"]))
def test_a_row_is_judged_exactly_as_the_form_judges_it(row: dict[str, str], name: str) -> None:
    """An empty cell is as a field that was not touched."""
    typed = {key: text for key, text in {**row, "name": name}.items() if text.strip()}
    user = User(username="x")

    checker = CustomerChecker(user, Plan(start_row=1, mapping={}))
    (verdict,) = checker.check([TypedRow(1, typed)])
    values, unreadable = texts_to_json(CARD_FIELDS.values(), typed)
    try:
        stored = clean_new_card(values, user)
        errors = set()
    except Invalid as refusal:
        stored = {}
        errors = {(error.field, error.message) for error in refusal.errors}
    errors = {error for error in errors if error[0] not in {bad.field for bad in unreadable}}
    errors |= {(bad.field, bad.message) for bad in unreadable}

    assert {(error.field, error.message) for error in verdict.errors} == errors
    if not errors:
        given_values = {CARD_FIELDS[key].attribute: stored[CARD_FIELDS[key].attribute] for key in typed}
        assert verdict.staged["stored"] == {
            key: str(value) if key == "tax" else value for key, value in given_values.items()
        }


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"mapping": {"1": "name", "2": "currency", "02": "city"}}, "mapping.02"),
        ({"mapping": {"1": "name", "2": "currency", "9" * 50: "city"}}, "mapping.99999999999999999999"),
        ({"constants": {"city": "Be\0rn"}}, "constants.city"),
        ({"constants": {"city": "Be\ud800rn"}}, "constants.city"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(
    make_upload: MakeUpload, by: UserActor, plan: dict[str, Any], field: str
) -> None:
    upload = make_upload("Name,Currency\nAcme,EUR\n")
    with pytest.raises(Invalid) as refusal:
        actions.check_upload(upload_id=upload.pk, plan=plan, by=by)
    assert [error.field for error in refusal.value.errors] == [field]
