"""Settings: read, change, try."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field as SchemaField
from pydantic import StrictBool, StrictStr, create_model

from linecard.accounts.api_auth import calling
from linecard.delivery.outcome import Accepted, Outcome
from linecard.setup.actions import change_settings
from linecard.setup.declarations import all_fields, secret_keys
from linecard.setup.queries import CurrentSettings, current_settings, visible_settings
from linecard.setup.trying import send_test_email, send_test_sms
from linecard.web.answers import demanded_version, json_answer
from linecard.web.api_document import described
from linecard.web.field_schemas import change_schema
from linecard.web.schemas import Given, Told

router = Router(tags=["Settings"])

KEY = 1


@cache
def _changes() -> type[Given]:
    return change_schema(
        "SettingsChange",
        all_fields(),
        "Settings by their keys; those left out stay. A secret is never answered; an empty one takes it away.",
        {"email.host": "mail.example.com", "email.port": 587, "email.from_address": "noc@example.com"},
    )


@cache
def _told() -> type[Told]:
    secret = secret_keys()
    members: dict[str, Any] = {
        key: (field.json_answer_type, SchemaField(title=field.label, description=field.help or None))
        for key, field in all_fields().items()
        if key not in secret
    }
    members |= {f"{key}_set": (StrictBool, ...) for key in sorted(secret)}
    return create_model("Settings", __base__=Told, __doc__="All settings, without secrets.", **members)


class TestMessage(Given, json_schema_extra={"examples": [{"to": "noc@example.com"}]}):
    """A message to try the settings with."""

    to: StrictStr = SchemaField(description="To whom.", max_length=254)


class Tried(Told):
    """What became of it."""

    accepted: StrictBool
    words: StrictStr = SchemaField(description="What the other side said, or why it could not be asked.")


@router.get("/settings", response=_told(), summary="Read the settings", openapi_extra=described(etag=200))
def read_settings(request: HttpRequest) -> HttpResponse:
    """All of the installation's, for the operator's staff. Of a secret it is told whether there is one."""
    return _answer(visible_settings(calling(request).user))


@router.patch(
    "/settings",
    response=_told(),
    summary="Change settings",
    openapi_extra=described(etag=200, if_match=True),
)
def patch_settings(request: HttpRequest, payload: _changes()) -> HttpResponse:  # type: ignore[valid-type]
    """It takes effect at once, everywhere. Either all of them are changed or none."""
    by = calling(request)
    expected = demanded_version(request, KEY, lambda: current_settings().version)
    given: Given = payload
    return _answer(change_settings(given.given(), by=by, expected_version=expected))


@router.post("/settings/test-email", response=Tried, summary="Send a test email")
def test_email(request: HttpRequest, payload: TestMessage) -> HttpResponse:
    """By the settings as they are. The answer comes when the mail server has spoken, or did not in time."""
    return _tried(send_test_email(payload.to, by=calling(request)))


@router.post("/settings/test-sms", response=Tried, summary="Send a test SMS")
def test_sms(request: HttpRequest, payload: TestMessage) -> HttpResponse:
    """By the settings as they are. The number begins with + and the country code."""
    return _tried(send_test_sms(payload.to, by=calling(request)))


def _tried(outcome: Outcome) -> HttpResponse:
    return json_answer({"accepted": isinstance(outcome, Accepted), "words": outcome.words})


def _answer(settings: CurrentSettings) -> HttpResponse:
    told = dict(settings.values) | {f"{key}_set": settings.is_set(key) for key in sorted(secret_keys())}
    return json_answer(told, headers={"ETag": f'"{KEY}-{settings.version}"'})
