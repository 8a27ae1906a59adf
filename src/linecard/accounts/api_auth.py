"""Who calls the API: the bearer of a token, or somebody who is signed in to our own screens."""

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from linecard.accounts.actions import authenticate_token
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.models import ApiToken, User
from linecard.accounts.origin import address_of, may_come_from
from linecard.audit.actor import API, FORM
from linecard.kernel.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class BearerToken(HttpBearer):
    """``Authorization: Bearer <token>``, as ``linecard token create`` prints it.

    A request that brings the header is judged by it alone. ``reads`` marks operations that change nothing though
    their method could, so that read-only tokens may use them.
    """

    openapi_description = "A token of kind `api`, made with `linecard token create --user NAME`."

    def __init__(self, *, reads: bool = False) -> None:
        super().__init__()
        self._reads = reads

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        """The token; None without the header. Raises ``AuthenticationError`` and ``Forbidden``."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        secret = _secret(header)
        if secret is None:
            raise AuthenticationError
        return self.authenticate(request, secret)

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token of that secret. Raises ``AuthenticationError`` and ``Forbidden``."""
        found = authenticate_token(token)
        if found is None:
            raise AuthenticationError
        if found.kind != ApiToken.Kind.API:
            raise Forbidden(f"A token of kind {found.kind} cannot be used here; make one of kind api.")
        if found.read_only and not self._reads and request.method not in SAFE_METHODS:
            raise Forbidden("This token is read-only.")
        if not may_come_from(found.user, address_of(request)):
            raise Forbidden("This token's user may not come from this address.")
        request.user = found.user
        # where the session's user would have been put: the access log reads it there
        request._cached_user = found.user  # type: ignore[attr-defined]
        return found


def may_change(authorization: str) -> bool:
    """Whether a header ``Authorization`` has what a change needs: for who must know before there is a request."""
    secret = _secret(authorization)
    found = authenticate_token(secret) if secret is not None else None
    return found is not None and found.kind == ApiToken.Kind.API and not found.read_only


def _secret(authorization: str) -> str | None:
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == BearerToken.openapi_scheme else None


class SignedIn(APIKeyCookie):
    """The session of our own screens; a change also needs the page's CSRF token as ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "A session of the web pages. Changes also need the header `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> User | None:
        """The user who is signed in, or None. Raises ``Forbidden`` for a change without the CSRF token."""
        if not isinstance(request.user, User):
            return None
        _ = request.body  # read now, because looking for the token in a form would use it up
        if check_csrf(request):
            raise Forbidden("The request came without the page's CSRF token.")
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """Not called: the session says who it is, not the cookie."""
        return self(request)


ANY_CALLER = (BearerToken(), SignedIn())
ANY_READER = (BearerToken(reads=True), SignedIn())


def calling(request: HttpRequest) -> UserActor:
    """Whoever calls the API as an actor: through the API with a token, through a form from our own screens."""
    return acting_in(request, via=API if isinstance(getattr(request, "auth", None), ApiToken) else FORM)
