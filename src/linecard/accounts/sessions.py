"""The store of sessions: a row for each browser, found by the hash of its cookie."""

import hashlib
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from linecard.accounts.models import Session
from linecard.kernel.clock import now

SEEN_IS_NOTED_EVERY = timedelta(minutes=1)


class SessionStore(SessionBase):
    """Django's store of sessions over ``Session``.

    ``address`` and ``agent`` are those of the request at hand, written down when the session is. ``row_id`` is the
    row's once it is read or written.
    """

    row_id: int | None = None
    seen_is_old = False
    address: str | None = None
    agent: str = ""

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and without a key, when it is none or over."""
        key = self.session_key or ""
        row = Session.objects.filter(key_hash=key_hash(key), expires_at__gt=now()).first() if key else None
        if row is None:
            self._session_key = None
            return {}
        self.row_id = row.pk
        self.seen_is_old = now() - row.seen_at > SEEN_IS_NOTED_EVERY
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=key_hash(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write it down. Raises ``UpdateError`` when somebody ended it in the meantime."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        moment = now()
        values = {
            "user_id": int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            "data": self.encode(data),
            "address": self.address,
            "agent": self.agent,
            "seen_at": moment,
            "expires_at": self.get_expiry_date(),
        }
        hashed = key_hash(self.session_key)
        if must_create:
            self._insert(key_hash=hashed, started_at=moment, **values)
        elif not Session.objects.filter(key_hash=hashed).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=key_hash(key)).delete()

    def note_seen(self) -> None:
        """Write down when and from where it was seen, unless that was done within the last minute."""
        if self.seen_is_old and self.row_id is not None:
            seen = {"seen_at": now(), "address": self.address, "agent": self.agent}
            Session.objects.filter(pk=self.row_id).update(**seen)
            self.seen_is_old = False

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=now()).delete()

    def _insert(self, **values: Any) -> None:
        try:
            with transaction.atomic():
                self.row_id = Session.objects.create(**values).pk
        except IntegrityError as error:
            raise CreateError from error


def key_hash(session_key: str) -> str:
    """What is kept of a session's key: 160 random bits, so a plain fast hash keeps it safe."""
    return hashlib.sha256(session_key.encode("utf-8", "surrogatepass")).hexdigest()
