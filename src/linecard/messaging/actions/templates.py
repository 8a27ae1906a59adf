"""Templates: made, changed, deleted, and those that came with the program put back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.scope import require_staff
from linecard.audit.trail import record
from linecard.fields import Context, JSONValue, clean_values
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, Stale
from linecard.kernel.names import name_key
from linecard.messaging.models import MessageTemplate
from linecard.messaging.queries import lock_template
from linecard.messaging.stock import STOCK
from linecard.messaging.template_fields import TEMPLATE_FIELDS
from linecard.messaging.words import Channel
from linecard.messaging.writing.message import Texts, require_texts

SUBJECT = "message_template"
_TEXTS = ("subject", "text", "html")


@transaction.atomic
def create_template(values: Mapping[str, JSONValue], *, by: UserActor) -> MessageTemplate:
    """Make a template. Raises ``Forbidden`` and ``Invalid``, with line and column of what is wrong in a text."""
    _require(by)
    template = MessageTemplate(channel=Channel.EMAIL)
    _put(template, {"name": "", **values})
    changes = {name: (None, getattr(template, name)) for name in TEMPLATE_FIELDS if getattr(template, name)}
    _save(template, "created", changes, by)
    return template


@transaction.atomic
def change_template(
    values: Mapping[str, JSONValue], *, template_id: int, by: UserActor, expected_version: int | None = None
) -> MessageTemplate:
    """Change a template; what is not given stays. Raises as above, ``NotFound`` and ``Stale``."""
    _require(by)
    template = _lock(template_id, expected_version, by)
    if values.get("channel", template.channel) != template.channel:
        raise Invalid({"channel": gettext("A template stays of its channel. Make another one.")})
    before = {name: getattr(template, name) for name in TEMPLATE_FIELDS}
    _put(template, values)
    changes = {
        name: (old, getattr(template, name)) for name, old in before.items() if getattr(template, name) != old
    }
    if changes:
        template.version += 1
        _save(template, "updated", changes, by)
    return template


@transaction.atomic
def reset_template(
    *, template_id: int, by: UserActor, expected_version: int | None = None
) -> MessageTemplate:
    """Put a template back as it came with the program. Raises ``Forbidden``, ``NotFound``, ``Stale``, ``Conflict``."""
    _require(by)
    template = _lock(template_id, expected_version, by)
    if not template.stock:
        raise Conflict(gettext("This template did not come with the program."))
    stock = STOCK[template.stock]
    texts = {name: getattr(stock.texts, name) for name in _TEXTS}
    return change_template(texts, template_id=template_id, by=by)


@transaction.atomic
def delete_template(*, template_id: int, by: UserActor, expected_version: int | None = None) -> None:
    """Delete a template. Raises as above; ``Conflict`` for one that came with the program."""
    _require(by)
    template = _lock(template_id, expected_version, by)
    if template.stock:
        raise Conflict(gettext("This template came with the program. It can be changed, and be put back."))
    changes = {"name": (template.name, None)}
    record(by=by, action="template.deleted", subject_type=SUBJECT, subject_id=template.pk, changes=changes)
    template.delete()


def _require(by: UserActor) -> None:
    by.require("settings", "update")
    require_staff(by.user)


def _lock(template_id: int, expected_version: int | None, by: UserActor) -> MessageTemplate:
    template = lock_template(by.user, template_id)
    if expected_version is not None and template.version != expected_version:
        raise Stale(gettext("Somebody changed this template in the meantime. Read it again."))
    return template


def _put(template: MessageTemplate, values: Mapping[str, JSONValue]) -> None:
    stored, errors = clean_values(TEMPLATE_FIELDS, values, Context())
    if errors:
        raise Invalid(errors)
    for name, value in stored.items():
        setattr(template, name, value)
    require_texts(template.channel, Texts(template.subject, template.text, template.html))
    template.name_key, template.updated_at = name_key(template.name), now()
    if MessageTemplate.objects.filter(name_key=template.name_key).exclude(pk=template.pk).exists():
        told = gettext("There is a template named {name} already.").format(name=template.name)
        raise Invalid({"name": told})


def _save(
    template: MessageTemplate, what: str, changes: Mapping[str, tuple[Any, Any]], by: UserActor
) -> None:
    template.save()
    record(
        by=by, action=f"template.{what}", subject_type=SUBJECT, subject_id=template.pk, changes=dict(changes)
    )
