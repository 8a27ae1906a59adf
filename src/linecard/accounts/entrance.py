"""What lies between the right password and the session: who is waited for with a code."""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from linecard.accounts import actions
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.accounts.origin import address_of
from linecard.audit.actor import FORM
from linecard.kernel.clock import now

# A code takes a moment to find; a browser that is left alone must not stay half signed in.
CODE_WITHIN = timedelta(minutes=10)

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_USER, _STATE, _SINCE, _WANTED = "code_user", "code_state", "code_since", "code_wanted"


def let_in(request: HttpRequest, user: User, *, note: str = "") -> None:
    """Begin the user's session; the browser's former one, and its key, are gone."""
    request.session.flush()
    login(request, user, backend=_BACKEND)
    actions.note_sign_in(by=acting(user, via=FORM, address=address_of(request)), note=note)


def wait_for_code(request: HttpRequest, user: User, *, wanted: str) -> None:
    """Remember who gave the right password, and the page they asked for, until there is a code."""
    request.session.flush()
    request.session[_USER] = user.pk
    request.session[_STATE] = user.get_session_auth_hash()
    request.session[_SINCE] = now().isoformat()
    request.session[_WANTED] = wanted


def waiting_user(request: HttpRequest) -> User | None:
    """Who gave the right password a short while ago and may still sign in with it."""
    since = request.session.get(_SINCE)
    if since is None or now() - datetime.fromisoformat(since) > CODE_WITHIN:
        return None
    user = User.objects.filter(pk=request.session[_USER], is_active=True).first()
    if user is None or not constant_time_compare(request.session[_STATE], user.get_session_auth_hash()):
        return None
    return user


def wanted_page(request: HttpRequest) -> str:
    """The page that was asked for before the code was."""
    return str(request.session.get(_WANTED, "/"))
