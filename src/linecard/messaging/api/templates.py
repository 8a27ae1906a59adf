"""Templates of messages: list, make, read, change, reset, delete."""

from typing import TYPE_CHECKING, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import StrictBool, StrictStr

from linecard.accounts.api_auth import calling
from linecard.accounts.models import User
from linecard.kernel.clock import write_moment
from linecard.messaging import actions
from linecard.messaging.models import MessageTemplate
from linecard.messaging.queries import get_template, visible_templates
from linecard.messaging.stock import is_customised
from linecard.messaging.template_fields import TEMPLATE_FIELDS
from linecard.web.answers import PageParameters, demanded_version, json_answer, no_content, page_of
from linecard.web.api_document import described
from linecard.web.field_schemas import change_schema, new_schema, told_schema
from linecard.web.schemas import Given, Moment, noted, page_schema

router = Router(tags=["Messages"])

_EXAMPLE = {"name": "Outage", "channel": "email", "subject": "Outage", "text": "Dear {{ contact.name }}, …"}

# A type checker cannot see into models made at run time; what it must know of them is `Given`.
if TYPE_CHECKING:
    NewTemplate: TypeAlias = Given
    TemplateChange: TypeAlias = Given
else:
    NewTemplate = new_schema("NewTemplate", TEMPLATE_FIELDS, "A template to be made.", _EXAMPLE)
    TemplateChange = change_schema(
        "TemplateChange", TEMPLATE_FIELDS, "Fields of a template; those left out stay.", {"subject": "Outage"}
    )
Template = told_schema(
    "Template",
    TEMPLATE_FIELDS,
    "Texts to begin a message with. They may name merge fields.",
    stock=noted(StrictStr, "The key of one that came with the program; else empty."),
    customised=noted(StrictBool, "Whether one that came with the program was changed."),
    updated_at=Moment,
)
Templates = page_schema("TemplatePage", Template)


@router.get("/message-templates", response=Templates, summary="List templates")
def list_templates(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """By channel and name."""
    return page_of(visible_templates(calling(request).user), wanted, spell_template)


@router.post(
    "/message-templates",
    response={201: Template},
    summary="Make a template",
    openapi_extra=described(etag=201, location=True),
)
def create_template(request: HttpRequest, payload: NewTemplate) -> HttpResponse:
    """Who may change settings. What is wrong in a text is told with its line and column."""
    template = actions.create_template(payload.given(), by=calling(request))
    return _answer(template, 201, {"Location": f"{request.path}/{template.pk}"})


@router.get(
    "/message-templates/{int:template_id}",
    response=Template,
    summary="Read a template",
    openapi_extra=described(etag=200),
)
def read_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Its texts."""
    return _answer(get_template(calling(request).user, template_id))


@router.patch(
    "/message-templates/{int:template_id}",
    response=Template,
    summary="Change a template",
    openapi_extra=described(etag=200, if_match=True),
)
def change_template(request: HttpRequest, template_id: int, payload: TemplateChange) -> HttpResponse:
    """Sends that were begun keep the texts that they were begun with."""
    by = calling(request)
    expected = _demanded(request, template_id, by.user)
    return _answer(
        actions.change_template(payload.given(), template_id=template_id, by=by, expected_version=expected)
    )


@router.post(
    "/message-templates/{int:template_id}/reset",
    response=Template,
    summary="Put a template back",
    openapi_extra=described(etag=200, if_match=True),
)
def reset_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """As it came with the program; only for one that did."""
    by = calling(request)
    expected = _demanded(request, template_id, by.user)
    return _answer(actions.reset_template(template_id=template_id, by=by, expected_version=expected))


@router.delete(
    "/message-templates/{int:template_id}",
    response={204: None},
    summary="Delete a template",
    openapi_extra=described(if_match=True),
)
def remove_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One of your own. One that came with the program can only be put back."""
    by = calling(request)
    expected = _demanded(request, template_id, by.user)
    actions.delete_template(template_id=template_id, by=by, expected_version=expected)
    return no_content()


def spell_template(template: MessageTemplate) -> dict[str, object]:
    """A template as the API's JSON object."""
    return {
        "id": template.pk,
        **{name: getattr(template, name) for name in TEMPLATE_FIELDS},
        "stock": template.stock,
        "customised": is_customised(template),
        "updated_at": write_moment(template.updated_at),
    }


def _demanded(request: HttpRequest, template_id: int, user: User) -> int | None:
    def present() -> int | None:
        return visible_templates(user).filter(pk=template_id).values_list("version", flat=True).first()

    return demanded_version(request, template_id, present)


def _answer(
    template: MessageTemplate, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    etag = f'"{template.pk}-{template.version}"'
    return json_answer(spell_template(template), status, {"ETag": etag, **(headers or {})})
