"""Reading the settings, whenever they are used: a change takes effect at once, in every process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import require_staff
from linecard.accounts.sealing import Unreadable, unseal
from linecard.kernel.errors import Conflict
from linecard.kernel.regional import NUMBER_FORMATS, Regional
from linecard.setup.declarations import all_fields, defaults, secret_keys
from linecard.setup.models import InstallationSettings


@dataclass(frozen=True, slots=True)
class CurrentSettings:
    """The settings at one moment. ``settings["email.host"]`` is the value of any that is no secret."""

    version: int
    values: Mapping[str, Any]
    _sealed: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def is_set(self, key: str) -> bool:
        """Whether a secret is kept."""
        return key in self._sealed

    def secret(self, key: str) -> str:
        """A secret, readable; empty when there is none. Raises ``Conflict`` when this installation's key is another."""
        sealed = self._sealed.get(key)
        if sealed is None:
            return ""
        try:
            return unseal(sealed)
        except Unreadable as error:
            raise Conflict(
                gettext(
                    "{setting} was encrypted with another key than this installation’s. Type it again in Settings."
                ).format(setting=gettext(all_fields()[key].label))
            ) from error


def current_settings() -> CurrentSettings:
    """What is set now. One query."""
    return settings_of(InstallationSettings.objects.filter(pk=1).first())


def is_current(settings: CurrentSettings) -> bool:
    """Whether nothing was set since. For who asks with each of many messages: a short query, as short to write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM installation_settings WHERE id = 1")
        row = cursor.fetchone()
    return settings.version == (row[0] if row else 1)


def settings_of(row: InstallationSettings | None) -> CurrentSettings:
    """What a row of settings says, with the defaults; a value whose setting is gone is left out."""
    values = defaults()
    if row is None:
        return CurrentSettings(1, values, {})
    values.update((key, value) for key, value in row.values.items() if key in values)
    known = secret_keys()
    sealed = {key: text for key, text in row.secrets.items() if key in known}
    return CurrentSettings(row.version, values, sealed)


def visible_settings(user: User) -> CurrentSettings:
    """What is set now, for somebody who may read it. Raises ``Forbidden``."""
    require(user, "settings", "read")
    require_staff(user)
    return current_settings()


def regional_settings() -> Regional:
    """The time zone and the numbers of the installation. One query."""
    settings = current_settings()
    return Regional(NUMBER_FORMATS[settings["regional.numbers"]], settings["regional.time_zone"])
