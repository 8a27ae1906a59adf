"""What the API takes and tells of work on many cards."""

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field as SchemaField
from pydantic import StrictBool, StrictInt, StrictStr

from linecard.customers.api.schemas import NewCustomer, Planned
from linecard.customers.bulk_work.fields import BULK_FIELDS, TAGS
from linecard.kernel.errors import Invalid
from linecard.web.field_schemas import Values, change_schema, nothing
from linecard.web.grid import Selection
from linecard.web.schemas import Given, Moment, Told, page_schema

_SELECTION = {"all": True, "filter": {"country": {"op": "in", "value": ["DE", "AT"]}}, "except": [17]}

Outcome = Literal["changed", "unchanged", "refused", "held", "undone", "left"]


class TagEdit(Given):
    """Labels to add to whatever a card has, and to take off."""

    add: list[StrictStr] = SchemaField(default_factory=list)
    remove: list[StrictStr] = SchemaField(default_factory=list)


# A type checker cannot see into models made at run time; what it must know of them is `Given`.
if TYPE_CHECKING:
    BulkChanges: TypeAlias = Given
else:
    BulkChanges = change_schema(
        "BulkChanges",
        {name: field for name, field in BULK_FIELDS.items() if name != TAGS},
        "Fields of the cards; those left out stay. Of `portal_access`, sections left out stay.",
        {"channels": 60, "tags": {"add": ["gold"]}},
        tags=(
            list[StrictStr] | TagEdit,
            SchemaField(default_factory=nothing, description="All labels, or those to add and to remove."),
        ),
    )


class BulkEdit(
    Given, json_schema_extra={"examples": [{"selection": _SELECTION, "changes": {"channels": 60}}]}
):
    """Values to be put on many cards."""

    selection: Selection
    changes: BulkChanges
    preview: StrictBool = SchemaField(default=False, description="Only tell what it would do.")


class BulkDelete(Given, json_schema_extra={"examples": [{"selection": {"ids": [17, 18]}}]}):
    """Cards to be archived."""

    selection: Selection
    archive: StrictBool = SchemaField(
        default=False, description="Archive also those that have live calls or owe money."
    )
    preview: StrictBool = SchemaField(default=False, description="Only tell what it would do.")


class BulkRestore(Given, json_schema_extra={"examples": [{"selection": {"ids": [17, 18]}}]}):
    """Archived cards to be brought back."""

    selection: Selection
    preview: StrictBool = SchemaField(default=False, description="Only tell what it would do.")


class PlannedWork(
    Planned,
    json_schema_extra={
        "examples": [
            {"action": "create", "delay_seconds": 3600, "data": {"name": "Acme", "currency": "EUR"}},
            {
                "action": "bulk",
                "delay_seconds": 3600,
                "selection": {"ids": [17, 18]},
                "changes": {"status": "inactive"},
            },
        ]
    },
):
    """A card to be made, or many cards to be changed, later. Give either `run_at` or `delay_seconds`."""

    action: Literal["create", "bulk"]
    data: NewCustomer = SchemaField(
        default_factory=nothing, description="The card to be made; for `create` only."
    )
    selection: Selection = SchemaField(
        default_factory=nothing, description="The cards to be changed; for `bulk` only."
    )
    changes: BulkChanges = SchemaField(default_factory=nothing, description="What they get; for `bulk` only.")

    def require_parts(self) -> None:
        """Raise ``Invalid`` where a member is missing, or does not belong to the action."""
        needed = {"selection", "changes"} if self.action == "bulk" else {"data"}
        given = self.model_fields_set & {"data", "selection", "changes"}
        errors = dict.fromkeys(sorted(needed - given), "This is required.")
        errors |= dict.fromkeys(sorted(given - needed), "This does not belong to the action.")
        if errors:
            raise Invalid(errors)


class CountedSentence(Told):
    """So many cards, and what is said of them."""

    message: str
    count: int


class PreviewedChange(Told):
    """So many cards have this value and get that one."""

    old: Any
    new: Any
    old_shown: str = SchemaField(description="For people.")
    new_shown: str = SchemaField(description="For people.")
    count: int


class PreviewedField(Told):
    """What happens to one field."""

    field: str
    label: str
    count: int = SchemaField(description="How many cards get another value.")
    changes: list[PreviewedChange] = SchemaField(description="From what to what, the most frequent first.")
    more: int = SchemaField(description="How many of the cards have rarer values than those listed.")


class BulkPreview(Told):
    """What a work would do."""

    total: int
    changed: int
    unchanged: int = SchemaField(description="These are already so.")
    refused: int
    reasons: list[CountedSentence] = SchemaField(description="Why cards are refused.")
    fields: list[PreviewedField]
    hanging: list[CountedSentence] = SchemaField(description="What hangs on the cards to be archived.")


class BulkWork(Told):
    """Work on many cards, how far it has come, and what became of them."""

    id: int = SchemaField(description="Also the id of its job.")
    action: Literal["edit", "delete", "restore"]
    state: Literal["planned", "queued", "running", "done", "failed", "undoing", "undone", "cancelled"]
    progress: StrictInt = SchemaField(description="How much of the present work is done, in whole percent.")
    problem: str = SchemaField(description="Why it failed; else empty.")
    changes: Values = SchemaField(description="Of an edit: what was asked for.")
    archive: bool = SchemaField(description="Of a delete: whether guards were overruled.")
    total: int
    changed: int
    unchanged: int
    refused: int
    held: int = SchemaField(description="Changed by somebody after the work was planned, and left alone.")
    undone: int = SchemaField(description="Cards that were taken back.")
    left_alone: int = SchemaField(description="Cards not taken back; their results say why.")
    made_by: str
    made_at: Moment
    finished_at: Moment | None = SchemaField(description="When the last work on it ended.")
    forgotten_at: Moment | None = SchemaField(
        description="When it was forgotten what became of each card; the work cannot be taken back from then on."
    )
    results: str = SchemaField(description="Where to read what became of each card.")
    undo: str | None = SchemaField(description="Where to POST to, to take it back; null when it cannot be.")


BulkWorks = page_schema("BulkWorkPage", BulkWork)


class BulkJob(BulkWork):
    """Work on many cards as a job."""

    kind: Literal["bulk"]


class BulkResult(Told):
    """What became of one card."""

    customer: int
    name: str
    outcome: Outcome
    reason: str = SchemaField(description="Why it was refused, held or left alone.")
    changes: Values = SchemaField(description="Field → `[old, new]` of what was changed.")


BulkResults = page_schema("BulkResultPage", BulkResult)
