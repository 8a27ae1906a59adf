"""The HTML of emails, alone in a frame: it looks as its recipient sees it, whatever our own pages may not do."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import may
from linecard.kernel.errors import Forbidden

# Somebody's HTML: it may look as it likes, and neither run, fetch nor send anything.
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox;"
    " base-uri 'none'; form-action 'none'"
)


def framed(html: str) -> HttpResponse:
    """An answer that shows HTML in a frame of ours."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = HTML_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_POST
def preview_frame(request: HttpRequest) -> HttpResponse:
    """The HTML of a preview, which its page has and may not show by itself: the page's own policy would bind it."""
    user = acting_in(request).user
    if not (may(user, "messages", "create") or may(user, "settings", "read")):
        raise Forbidden(gettext("You may neither send messages nor see their templates."))
    return framed(request.POST.get("html", ""))
