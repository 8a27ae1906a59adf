"""Schemas of the API made from declared fields: what makes one, what changes one, what tells of one.

A schema decides JSON types and refuses unknown names; every other rule is the actions'.
"""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field as SchemaField
from pydantic import StrictInt, create_model

from linecard.fields import Field
from linecard.web.schemas import Given, Told

Values = dict[str, Any]


def nothing() -> Any:
    """The default of a member that may be left out, but not be null."""


def new_schema(
    name: str,
    fields: Mapping[str, Field],
    doc: str,
    example: Values,
    *,
    set_elsewhere: Collection[str] = (),
    **more: tuple[Any, Any],
) -> type[Given]:
    """The body that makes one: what is required must be given, the rest has defaults.

    ``set_elsewhere`` are the fields whose defaults are settings of the installation; ``more`` are members beside
    the declared fields, as pydantic takes them.
    """
    members = {
        field.name: _set_elsewhere(field)
        if field.name in set_elsewhere
        else _member(field, ... if field.required else field.default)
        for field in fields.values()
    }
    return _body(name, doc, example, members | more)


def change_schema(
    name: str, fields: Mapping[str, Field], doc: str, example: Values, **more: tuple[Any, Any]
) -> type[Given]:
    """The body that changes one: every field may be left out, and then stays as it is; ``more`` as above."""
    members = {field.name: _member(field) for field in fields.values()}
    return _body(name, doc, example, members | more)


def _member(field: Field, default: Any = None) -> tuple[Any, Any]:
    words: dict[str, Any] = {"title": field.label, "description": field.help or None}
    if default is None:  # a factory, because a default of null would be documented where null is refused
        return field.json_type, SchemaField(default_factory=nothing, **words)
    return field.json_type, SchemaField(default, **words)


def _set_elsewhere(field: Field) -> tuple[Any, Any]:
    told = f"{field.help} As the settings say when left out.".strip()
    return field.json_type, SchemaField(default_factory=nothing, title=field.label, description=told)


def _body(name: str, doc: str, example: Values, members: dict[str, Any]) -> type[Given]:
    extra = {"json_schema_extra": {"examples": [example]}}
    return create_model(name, __base__=Given, __doc__=doc, __cls_kwargs__=extra, **members)


def told_schema(name: str, fields: Mapping[str, Field], doc: str, **more: Any) -> type[Told]:
    """The answer that tells of one: its id, all its fields, and what else there is to know."""
    members: dict[str, Any] = {
        "id": (StrictInt, ...),
        **{
            field.name: (
                field.json_answer_type,
                SchemaField(title=field.label, description=field.help or None),
            )
            for field in fields.values()
        },
        **{key: (kind, ...) for key, kind in more.items()},
    }
    return create_model(name, __base__=Told, __doc__=doc, **members)
