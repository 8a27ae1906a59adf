"""What the API of people takes and gives."""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field as SchemaField
from pydantic import StrictBool, StrictInt, StrictStr

from linecard.accounts.actions.tokens import MAX_DAYS
from linecard.accounts.fields import GROUP_NAME, RESELLER_FIELDS, USER_FIELDS
from linecard.web.field_schemas import change_schema, new_schema, nothing, told_schema
from linecard.web.schemas import Given, Moment, Told, noted, page_schema

MAX_GROUPS = 100

Verb: TypeAlias = Literal["create", "read", "update", "delete"]
Permissions: TypeAlias = Annotated[
    dict[StrictStr, list[Verb]],
    SchemaField(
        description="Area → what may be done in it. `GET /groups` shows which areas there are.",
        examples=[{"customers": ["read", "update"], "notes": ["create", "read"]}],
    ),
]
GroupName: TypeAlias = Annotated[StrictStr, SchemaField(min_length=1, max_length=GROUP_NAME.max_length)]

_GROUPS = Annotated[
    list[StrictInt],
    SchemaField(max_length=MAX_GROUPS, description="The ids of the groups whose permissions the user has."),
]
_RESELLER = noted(StrictInt | None, "The reseller whose customers alone the user sees; null for staff.")
_PASSWORD = noted(StrictStr, "At least ten characters, and not a common one. It cannot be read again.")
_ACTIVE = noted(StrictBool, "False ends all sessions and tokens at once, and lets nobody sign in.")

# A type checker cannot see into models made at run time; what it must know of them is `Given`.
if TYPE_CHECKING:
    NewUser: TypeAlias = Given
    UserChange: TypeAlias = Given
    NewReseller: TypeAlias = Given
    ResellerChange: TypeAlias = Given
else:
    NewUser = new_schema(
        "NewUser",
        USER_FIELDS,
        "A user to be made. Without a password nobody can sign in as them yet; without groups they get the usual one.",
        {"username": "nora", "name": "Nora North", "groups": [2], "password": "correct horse battery"},
        groups=(_GROUPS, SchemaField(default_factory=nothing)),
        reseller=(_RESELLER, None),
        active=(_ACTIVE, True),
        password=(_PASSWORD, SchemaField(default_factory=nothing)),
    )
    UserChange = change_schema(
        "UserChange",
        USER_FIELDS,
        "Fields of a user; those left out stay.",
        {"active": False},
        groups=(_GROUPS, SchemaField(default_factory=nothing)),
        reseller=(_RESELLER, SchemaField(default_factory=nothing)),
        active=(_ACTIVE, SchemaField(default_factory=nothing)),
        password=(_PASSWORD, SchemaField(default_factory=nothing)),
    )
    NewReseller = new_schema("NewReseller", RESELLER_FIELDS, "A reseller to be made.", {"name": "North"})
    ResellerChange = change_schema(
        "ResellerChange", RESELLER_FIELDS, "Fields of a reseller; those left out stay.", {"name": "Northern"}
    )

User = told_schema(
    "User",
    USER_FIELDS,
    "Somebody who signs in.",
    groups=_GROUPS,
    reseller=_RESELLER,
    active=_ACTIVE,
    administrator=noted(StrictBool, "Whether one of the groups may do everything."),
    created_at=Moment,
)
Users = page_schema("UserPage", User)

Reseller = told_schema(
    "Reseller",
    RESELLER_FIELDS,
    "A group of users who see and manage only their own customers.",
    users=noted(StrictInt, "How many users belong to it."),
    created_at=Moment,
)
Resellers = page_schema("ResellerPage", Reseller)


class NewGroup(Given):
    """A group to be made. It permits what it names, and nothing else."""

    name: GroupName
    permissions: Permissions = SchemaField(default_factory=dict)


class GroupChange(Given):
    """Parts of a group; those left out stay. The members' rights change at once."""

    name: Annotated[GroupName, SchemaField(default_factory=nothing)]
    permissions: Annotated[Permissions, SchemaField(default_factory=nothing)]


class Group(Told):
    """Permissions that are given to several users. A user may do what any of their groups permits."""

    id: int
    name: str
    permissions: dict[str, list[Verb]]
    everything: bool = SchemaField(description="Every permission, also in areas that come later.")
    ready_made: bool = SchemaField(description="There from the start: it can be changed, not deleted.")
    users: int = SchemaField(description="How many users are in it.")


Groups = page_schema("GroupPage", Group)


class NewToken(Given):
    """A token to be made."""

    kind: Literal["api", "switch"] = SchemaField(default="api", description="What it opens.")
    read_only: StrictBool = SchemaField(default=False, description="It may read, not change.")
    expires_days: Annotated[StrictInt, SchemaField(ge=1, le=MAX_DAYS)] | None = SchemaField(
        default=None, description="After how many days it ends; null for never."
    )


class Token(Told):
    """A token, without what it opens with: that is told only when it is made."""

    id: int
    kind: Literal["api", "switch"]
    read_only: bool
    beginning: str = SchemaField(description="Its first characters, to tell tokens apart.")
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None = SchemaField(description="Noted at most once a minute.")


class MadeToken(Token):
    """A token that was made just now."""

    token: str | None = SchemaField(
        description="What to send as bearer. Told this once: a repeated request answers null."
    )


Tokens = page_schema("TokenPage", Token)


class EntryChange(Told):
    """What one field was and is, in the API's spelling; null where there was nothing."""

    field: str
    old: object
    new: object


class AuditEntry(Told):
    """Something that somebody did."""

    id: int
    at: Moment
    user: int | None = SchemaField(description="Who; null for the system itself, and for who was not let in.")
    who: str = SchemaField(description="What they were called then.")
    via: str = SchemaField(description="Through which door: form, api, job or command.")
    address: str | None = SchemaField(description="From which IP address.")
    action: str = SchemaField(description="What was done, for example `customer.updated`.")
    subject_type: str = SchemaField(description="To what, for example `customer`.")
    subject_id: int
    subject: str | None = SchemaField(description="What that is called now; null where it is gone.")
    changes: list[EntryChange]
    note: str


AuditEntries = page_schema("AuditEntryPage", AuditEntry)
