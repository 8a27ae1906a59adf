"""What the API takes and gives, made from the declarations of the fields.

The schemas decide JSON types and refuse unknown names; every other rule is the actions'.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field as SchemaField
from pydantic import StrictBool, StrictInt, StrictStr

from linecard.customers.actions.pending import MAX_AHEAD
from linecard.customers.defaults import DEFAULTED
from linecard.customers.fields import CARD_FIELDS, CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS
from linecard.web.field_schemas import Values, change_schema, new_schema, told_schema
from linecard.web.schemas import Given, Moment, Told, noted, page_schema

MAX_DELAY_SECONDS = int(MAX_AHEAD.total_seconds())

_AMOUNT = SchemaField(examples=["-5.00"])
_DELAY = SchemaField(json_schema_extra={"minimum": 0, "maximum": MAX_DELAY_SECONDS})

Amount: TypeAlias = Annotated[StrictStr, _AMOUNT]
Seconds: TypeAlias = Annotated[StrictInt, _DELAY]


# A type checker cannot see into models made at run time; what it must know of them is `Given`.
if TYPE_CHECKING:
    NewCustomer: TypeAlias = Given
    CustomerChange: TypeAlias = Given
    NewContact: TypeAlias = Given
    ContactChange: TypeAlias = Given
    NewNote: TypeAlias = Given
    NoteChange: TypeAlias = Given
    NewCli: TypeAlias = Given
    CliChange: TypeAlias = Given
else:
    NewCustomer = new_schema(
        "NewCustomer",
        CARD_FIELDS,
        "A card to be made.",
        {"name": "Acme Telecom", "currency": "EUR", "channels": 30, "debit_limit": "50.00"},
        set_elsewhere=DEFAULTED,
    )
    CustomerChange = change_schema(
        "CustomerChange", CARD_FIELDS, "Fields of a card; those left out stay.", {"channels": 60}
    )
    NewContact = new_schema(
        "NewContact",
        CONTACT_FIELDS,
        "A person to be added to a card.",
        {"name": "Anna Meier", "email": "anna@example.com", "phone": "+442079460000"},
    )
    ContactChange = change_schema(
        "ContactChange", CONTACT_FIELDS, "Fields of a contact; those left out stay.", {"type": "billing"}
    )
    NewNote = new_schema(
        "NewNote", NOTE_FIELDS, "A note to be written on a card.", {"text": "Prefers to be called."}
    )
    NoteChange = change_schema(
        "NoteChange", NOTE_FIELDS, "Fields of a note; those left out stay.", {"in_portal": True}
    )
    NewCli = new_schema(
        "NewCli",
        CLI_FIELDS,
        "A caller id to be approved.",
        {"cli": "442079460000", "reason": "Shown on their contract"},
    )
    CliChange = change_schema(
        "CliChange",
        CLI_FIELDS,
        "Fields of an approved caller id; those left out stay.",
        {"reason": "Shown on the contract of May"},
    )

_CREATED = noted(Moment, "When it was made.")
_UPDATED = noted(Moment, "When it was last changed.")

Customer = told_schema(
    "Customer",
    CARD_FIELDS,
    "A card: what a person edits, what calls and payments move, and when.",
    balance=noted(Amount, "The sum of the ledger, in the card's currency; positive is money in hand."),
    credit_left=noted(Amount, "Balance + debit limit − what live calls have reserved."),
    live_calls=noted(StrictInt, "Calls that are up now."),
    created_at=_CREATED,
    updated_at=_UPDATED,
    archived_at=noted(Moment | None, "When it was archived; null for a live card."),
)
Customers = page_schema("CustomerPage", Customer)

Contact = told_schema("Contact", CONTACT_FIELDS, "A person at the customer.", created_at=_CREATED)
Contacts = page_schema("ContactPage", Contact)

Note = told_schema(
    "Note",
    NOTE_FIELDS,
    "A note on the account.",
    author=noted(StrictStr, "Who wrote it."),
    created_at=_CREATED,
    updated_at=_UPDATED,
)
Notes = page_schema("NotePage", Note)

Cli = told_schema(
    "Cli",
    CLI_FIELDS,
    "A caller id that the customer may send.",
    added_by=noted(StrictStr, "Who approved it."),
    created_at=_CREATED,
)
Clis = page_schema("CliPage", Cli)


class Planned(Given):
    """When something is to happen."""

    run_at: Moment | None = SchemaField(
        default=None, description="When; instead of `delay_seconds`. At most 366 days ahead."
    )
    delay_seconds: Seconds | None = SchemaField(
        default=None, description="In how many seconds; instead of `run_at`. 0 is at once."
    )


class PlannedChange(
    Planned,
    json_schema_extra={"examples": [{"delay_seconds": 3600, "changes": {"debit_limit": "0.00"}}]},
):
    """Values to be put on a card later. Give either `run_at` or `delay_seconds`."""

    changes: CustomerChange
    revert_at: Moment | None = SchemaField(
        default=None, description="When the change is taken back. Without it, it stays."
    )


class RunChange(Given):
    """How to run a pending change now."""

    override: StrictBool = SchemaField(
        default=False, description="Apply a held change although somebody changed the same fields meanwhile."
    )


class HandOver(Given):
    """Who shall be in charge of the cards."""

    to: StrictInt | None = SchemaField(description="The new account manager; null for nobody.")


class HandedOver(Told):
    """What became of the cards."""

    changed: int = SchemaField(description="How many were handed over.")
    remaining: int = SchemaField(
        description="How many were not reached in the time of one request: send it again, with a new key."
    )
    kept: int = SchemaField(
        description="How many stay, because the new account manager belongs to another reseller."
    )


class FieldProblem(Told):
    """Why a change is held or failed."""

    field: str = SchemaField(description="The field of the card, or empty.")
    message: str


class PendingChange(Told):
    """A change that waits for its time, and what became of it."""

    id: int
    action: Literal["update", "create", "bulk"]
    customer: int | None = SchemaField(
        description="The card; null for one that is not made yet, and for many cards."
    )
    job: int | None = SchemaField(description="The job of a change of many cards.")
    state: Literal["waiting", "applied", "held", "cancelled", "failed"]
    run_at: Moment = SchemaField(description="When it is carried out.")
    revert_at: Moment | None = SchemaField(description="When it is taken back.")
    reverts: int | None = SchemaField(description="The pending change that this one takes back.")
    changes: Values | None = SchemaField(description="The fields' new values; null for a new card.")
    expected: Values | None = SchemaField(
        description="The values that the fields had when it was planned; null for a new card."
    )
    data: Values | None = SchemaField(description="The values of the new card; null for a change.")
    made_by: str = SchemaField(description="Who planned it.")
    made_at: Moment = SchemaField(description="When it was planned.")
    finished_by: str | None = SchemaField(description="Who carried it out or cancelled it.")
    finished_at: Moment | None = SchemaField(description="When it was carried out or cancelled.")
    problems: list[FieldProblem] = SchemaField(description="Why it is held or failed.")


PendingChanges = page_schema("PendingChangePage", PendingChange)


class HistoryEntry(Told):
    """One field's change. What happened without fields (a change was planned) is told once, with field null."""

    id: int = SchemaField(description="Changes made in one go share it.")
    at: Moment = SchemaField(description="When.")
    who: str
    via: str = SchemaField(description="Through which door: form, api, job or command.")
    action: str = SchemaField(description="What was done, for example `customer.updated`.")
    field: str | None = SchemaField(description="The field, for example `debit_limit` or `contact.email`.")
    old: Any = SchemaField(description="The value before, in the API's spelling.")
    new: Any = SchemaField(description="The value after, in the API's spelling.")
    note: str


History = page_schema("HistoryPage", HistoryEntry)
