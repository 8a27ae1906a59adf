"""Who may send more than other requests bring: a file, by a program whose token is good for changes.

Browsers need none of this: they send a file in small pieces.
"""

from asgiref.sync import sync_to_async
from asgiref.typing import HTTPScope
from django.conf import settings
from django.db import OperationalError, connection

PATH = "/api/v1/imports"
KIND = b"multipart/form-data"
# What stands around the file: its name, the other fields of the form.
FORM_BYTES = 65_536


async def bytes_of_file_upload(scope: HTTPScope) -> int:
    """How many bytes the request may bring; 0 for one that is no upload, or by nobody known.

    What cannot be decided here is refused later with its reason: this only keeps strangers from filling the disk.
    """
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").lower()
    if (scope["method"], scope["path"]) != ("POST", PATH) or not kind.startswith(KIND):
        return 0
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    allowed = await sync_to_async(_may_change, thread_sensitive=False)(authorization)
    return settings.MAX_UPLOAD_BYTES + FORM_BYTES if allowed else 0


def _may_change(authorization: str) -> bool:
    from linecard.accounts.api_auth import may_change  # models: there are none until Django is set up

    try:
        return may_change(authorization)
    except OperationalError:
        return False  # the request itself will find the database so, and tell
    finally:
        connection.close()  # a thread of its own has a connection of its own
