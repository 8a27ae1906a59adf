"""What the schemas of all bodies and answers of the API are made of."""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, create_model
from pydantic import Field as SchemaField

Moment: TypeAlias = Annotated[
    StrictStr, SchemaField(examples=["2026-01-31T12:00:00Z"], json_schema_extra={"format": "date-time"})
]


class Given(BaseModel):
    """A body. Only what was really given counts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """The JSON values by field, without those that were left out."""
        return self.model_dump(exclude_unset=True)


class Told(BaseModel):
    """A part of an answer, documented; the views write it themselves."""

    model_config = ConfigDict(extra="forbid")


def noted(kind: Any, description: str) -> Any:
    """The type with a description."""
    return Annotated[kind, SchemaField(description=description)]


def page_schema(name: str, of: type[BaseModel]) -> type[Told]:
    """A list's answer."""
    return create_model(
        name,
        __base__=Told,
        __doc__="Part of a list, and how long the whole list is.",
        results=(list[of], ...),  # type: ignore[valid-type]
        total=(StrictInt, SchemaField(description="Exactly how many there are in all.")),
    )


class GridAnswer(Told):
    """What a grid shows: the rows (or groups) of a page, their number, and the totals of all that match."""

    rows: list[dict[str, Any]]
    total: int = SchemaField(description="Exactly how many rows or groups there are in all.")
    totals: dict[str, Any]
