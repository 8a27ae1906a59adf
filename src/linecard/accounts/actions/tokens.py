"""API tokens: made, used, revoked."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.models import ApiToken, User
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.kernel.clock import now
from linecard.kernel.errors import Invalid
from linecard.kernel.regional import shown_number

_PREFIX = "lc_"
_USE_IS_NOTED_EVERY = timedelta(minutes=1)
MAX_DAYS = 3650


@transaction.atomic
def create_token(
    *, user: User, by: Actor, kind: str = "api", read_only: bool = False, expires_days: int | None = None
) -> tuple[ApiToken, str]:
    """Make a token. The second value is the token itself, which can never be read again.

    Raises ``Forbidden`` and ``Invalid``.
    """
    require_may_open(user, by)
    if kind not in ApiToken.Kind.values:
        raise Invalid(
            {"kind": gettext("Must be one of {names}.").format(names=", ".join(ApiToken.Kind.values))}
        )
    if expires_days is not None and not 1 <= expires_days <= MAX_DAYS:
        raise Invalid(
            {"expires_days": gettext("Must be from 1 to {most}.").format(most=shown_number(MAX_DAYS))}
        )
    if not user.is_active:
        raise Invalid({"user": gettext("{username} is not active.").format(username=user.username)})
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        kind=kind,
        read_only=read_only,
        hash=_hash(secret),
        beginning=secret[:8],
        expires_at=now() + timedelta(days=expires_days) if expires_days else None,
    )
    changes = {"user": (None, user.pk), "kind": (None, kind), "read_only": (None, read_only)}
    record(by=by, action="token.created", subject_type="token", subject_id=token.pk, changes=changes)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """Make the token useless from now on. Raises ``Forbidden``."""
    require_may_open(token.user, by)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record(by=by, action="token.revoked", subject_type="token", subject_id=token.pk)


def revoke_tokens(user: User, *, by: Actor) -> None:
    """Make all tokens of a user useless, in the transaction of what ends them."""
    for token in ApiToken.objects.filter(user=user, revoked_at=None):
        revoke_token(token=token, by=by)


def authenticate_token(secret: str) -> ApiToken | None:
    """The living token of an active user, with its user, or None. Notes the use at most once a minute.

    Whether the user may come from where it is used, the caller must ask.
    """
    token = ApiToken.objects.select_related("user").filter(hash=_hash(secret), revoked_at=None).first()
    moment = now()
    if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= moment):
        return None
    if token.last_used_at is None or moment - token.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
    return token


def _hash(secret: str) -> str:
    # the secret is 256 random bits, so a plain fast hash keeps it as safe as a slow one would
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
