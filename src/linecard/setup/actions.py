"""Changing the settings."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.scope import require_staff
from linecard.accounts.sealing import seal
from linecard.audit.trail import record
from linecard.fields import JSONValue
from linecard.fields.base import NOWHERE, clean_values
from linecard.kernel.errors import FieldError, Invalid, Stale
from linecard.setup.declarations import all_fields, confidants, secret_keys
from linecard.setup.models import InstallationSettings
from linecard.setup.queries import CurrentSettings, settings_of

SUBJECT = "settings"
KEPT_SECRET, NEW_SECRET = "(secret)", "(another secret)"


@transaction.atomic
def change_settings(
    changes: Mapping[str, JSONValue], *, by: UserActor, expected_version: int | None = None
) -> CurrentSettings:
    """Change some settings; what is not given stays. An empty secret, or null, takes it away.

    Raises ``Forbidden``, ``Stale``, and ``Invalid`` with every wrong value.
    """
    by.require("settings", "update")
    require_staff(by.user)
    row = _lock()
    if expected_version is not None and row.version != expected_version:
        raise Stale(gettext("Somebody changed the settings in the meantime. Read them again."))
    fields, secret = all_fields(), secret_keys()
    before = settings_of(row)
    given = {key: "" if value is None and key in secret else value for key, value in changes.items()}
    stored, errors = clean_values(fields, given, NOWHERE)
    new = {key: fields[key].to_json(value) for key, value in stored.items()}
    errors += _untold(new, before)
    if errors:
        raise Invalid(errors)
    told = _put(row, new, before)
    if told:
        row.version += 1
        row.save()
        record(by=by, action="settings.changed", subject_type=SUBJECT, subject_id=row.pk, changes=told)
    return settings_of(row)


def _untold(new: Mapping[str, Any], before: CurrentSettings) -> list[FieldError]:
    """The kept secrets that would be told to somebody else, and were not typed again."""
    words = gettext(
        "Type it again: with these changes it would be sent to another server, or in another way."
    )
    return [
        FieldError(secret, words)
        for secret, settings in confidants().items()
        if before.is_set(secret) and secret not in new
        if any(key in new and new[key] != before[key] for key in settings)
    ]


def _lock() -> InstallationSettings:
    InstallationSettings.objects.get_or_create(pk=1)
    return InstallationSettings.objects.select_for_update().get(pk=1)


def _put(
    row: InstallationSettings, new: Mapping[str, Any], before: CurrentSettings
) -> dict[str, tuple[Any, Any]]:
    """Put new values into the row; what the trail tells of it."""
    told: dict[str, tuple[Any, Any]] = {}
    for key, value in new.items():
        if key not in secret_keys():
            if value != before[key]:
                told[key] = (before[key], value)
                row.values[key] = value
        elif value:
            told[key] = (KEPT_SECRET if before.is_set(key) else None, NEW_SECRET)
            row.secrets[key] = seal(value)
        elif row.secrets.pop(key, None) is not None:
            told[key] = (KEPT_SECRET, None)
    return told
